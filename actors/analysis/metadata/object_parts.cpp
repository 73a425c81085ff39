#include "actors/analysis/metadata/object_parts.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace artel::analysis {
namespace {

std::string or_default(std::string value, std::string_view fallback) {
  return value.empty() ? std::string(fallback) : std::move(value);
}

std::vector<attribute> attributes(const element& from,
                                  std::initializer_list<std::string_view> tags) {
  std::vector<attribute> found;
  for (const auto tag : tags)
    for (const auto& each : from.children(tag)) found.push_back(read_attribute(each));
  return found;
}

std::vector<part> parts(const element& from, std::string_view tag) {
  std::vector<part> found;
  for (const auto& each : from.children(tag)) found.push_back(read_part(each));
  return found;
}

// The Designer writes all standard attributes or none, EDT the changed ones: only changed ones are
// kept.
std::vector<attribute> standard_attributes(const element& object) {
  std::vector<attribute> found;
  const auto properties = child(object.node(), "Properties");
  for_each_child(child(properties, "StandardAttributes"), "StandardAttribute",
                 [&](pugi::xml_node node) {
                   attribute made;
                   made.name = node.attribute("name").value();
                   for_each_child(child(node, "Synonym"), "item", [&](pugi::xml_node item) {
                     if (auto text = child_text(item, "content"); !text.empty())
                       made.synonym[child_text(item, "lang")] = text;
                   });
                   made.comment = child_text(node, "Comment");
                   made.fill_checking = or_default(child_text(node, "FillChecking"), "DontCheck");
                   found.push_back(std::move(made));
                 });
  for_each_child(object.node(), "standardAttributes", [&](pugi::xml_node node) {
    const element standard(node, layout::edt);
    attribute made;
    made.name = standard.text("Name");
    made.synonym = standard.synonym();
    made.comment = standard.text("Comment");
    made.fill_checking = or_default(standard.text("FillChecking"), "DontCheck");
    found.push_back(std::move(made));
  });
  std::erase_if(found, [](const attribute& each) {
    return each.synonym.empty() && each.comment.empty() && each.fill_checking == "DontCheck";
  });
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return found;
}

void service_handlers(const element& object, std::vector<handler>& to) {
  for (const auto& operation : object.children("Operation"))
    to.push_back({operation.name(), "Operation", operation.text("ProcedureName"), ""});
  for (const auto& address : object.children("URLTemplate"))
    for (const auto& method : address.children("Method"))
      to.push_back({address.name() + "." + method.name(),
                    or_default(method.text("HTTPMethod"), "GET"), method.text("Handler"),
                    address.text("Template")});
  for (const auto& channel : object.children("IntegrationServiceChannel"))
    to.push_back({channel.name(), "ReceiveMessage", channel.text("ReceiveMessageProcessing"), ""});
  std::erase_if(to, [](const handler& each) { return each.method.empty(); });
}

// The field or command of a form that a handler hangs on: the nearest element around it that has a
// name. The form itself has none.
std::string element_around(pugi::xml_node node, layout written_as) {
  constexpr std::size_t levels_max = 6;  // between a handler and its element
  auto around = node.parent();
  for (std::size_t level = 0; around && level < levels_max; ++level, around = around.parent()) {
    auto name = written_as == layout::designer ? std::string(around.attribute("name").value())
                                               : child_text(around, "name");
    if (!name.empty()) return name;
    const auto tag = local_name(around);
    if (tag == "Form" || tag == "form") break;
  }
  return {};
}

void join(std::vector<std::string>& to, std::vector<std::string> more) {
  to.insert(to.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

part read_part(const element& from) {
  return {from.name(), from.uuid(), from.synonym(), from.text("Comment")};
}

attribute read_attribute(const element& from) {
  attribute made;
  made.name = from.name();
  made.uuid = from.uuid();
  made.synonym = from.synonym();
  made.comment = from.text("Comment");
  made.type = from.type("Type");
  made.fill_checking = or_default(from.text("FillChecking"), "DontCheck");
  made.indexing = or_default(from.text("Indexing"), "DontIndex");
  made.use = or_default(from.text("Use"), "ForItem");
  return made;
}

object_parts read_parts(const element& object) {
  object_parts made;
  made.attributes = attributes(object, {"Attribute"});
  made.dimensions = attributes(object, {"Dimension"});
  made.resources = attributes(object, {"Resource"});
  made.other_attributes = attributes(
      object, {"AccountingFlag", "ExtDimensionAccountingFlag", "AddressingAttribute", "Column"});
  made.standard_attributes = standard_attributes(object);
  for (const auto& each : object.children("TabularSection"))
    made.tabular_sections.push_back({each.name(), each.uuid(), each.synonym(), each.text("Comment"),
                                     attributes(each, {"Attribute"})});
  made.enum_values = parts(object, "EnumValue");
  made.forms = parts(object, "Form");
  made.commands = parts(object, "Command");
  made.templates = parts(object, "Template");
  made.recalculations = parts(object, "Recalculation");
  return made;
}

object_links read_links(const element& object, std::string_view kind) {
  object_links made;
  made.owners = object.list("Owners");
  made.based_on = object.list("BasedOn");
  made.register_records = object.list("RegisterRecords");
  for (const auto* list : {"Content", "RegisteredDocuments", "Documents"})
    join(made.content, object.list(list));
  if (kind == "EventSubscription" && object.has("Handler"))
    made.handlers.push_back({"", object.text("Event"), object.text("Handler"), ""});
  if (kind == "ScheduledJob" && object.has("MethodName"))
    made.handlers.push_back({"", "ScheduledJob", object.text("MethodName"), ""});
  service_handlers(object, made.handlers);
  return made;
}

std::vector<part> read_predefined(pugi::xml_node top, layout written_as) {
  std::vector<part> found;
  const bool designer = written_as == layout::designer;
  for_each_descendant(top, [&](pugi::xml_node node) {
    const auto tag = local_name(node);
    const bool item = designer ? tag == "Item" : tag == "items" || tag == "content";
    if (!item || !node.attribute("id")) return;
    part made{child_text(node, designer ? "Name" : "name"),
              node.attribute("id").value(),
              {},
              child_text(node, designer ? "Description" : "description")};
    if (!made.name.empty()) found.push_back(std::move(made));
  });
  return found;
}

std::vector<handler> read_form_handlers(pugi::xml_node form, layout written_as,
                                        const std::string& place) {
  std::vector<handler> found;
  const auto add = [&](pugi::xml_node node, std::string event, std::string method) {
    if (!method.empty())
      found.push_back(
          {place, std::move(event), std::move(method), element_around(node, written_as)});
  };
  for_each_descendant(form, [&](pugi::xml_node node) {
    const auto tag = local_name(node);
    if (written_as == layout::designer) {
      if (tag == "Event")
        add(node, node.attribute("name").value(), text_of(node));
      else if (tag == "Action")
        add(node, "Action", text_of(node));
    } else if (tag == "handlers") {
      add(node, child_text(node, "event"), child_text(node, "name"));
    } else if (tag == "handler" && local_name(node.parent()) == "action") {
      add(node, "Action", child_text(node, "name"));
    }
  });
  std::sort(found.begin(), found.end(), [](const handler& a, const handler& b) {
    return std::tie(a.event, a.method, a.element) < std::tie(b.event, b.method, b.element);
  });
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<right> read_rights(pugi::xml_node top) {
  std::vector<right> found;
  for_each_child(top, "object", [&](pugi::xml_node object) {
    right made;
    made.object = child_text(object, "name");
    for_each_child(object, "right", [&](pugi::xml_node each) {
      if (child_text(each, "value") != "true") return;
      made.allowed.push_back(child_text(each, "name"));
      made.restricted |= static_cast<bool>(child(each, "restrictionByCondition"));
    });
    std::sort(made.allowed.begin(), made.allowed.end());
    if (!made.allowed.empty()) found.push_back(std::move(made));
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const right& a, const right& b) { return a.object < b.object; });
  return found;
}

}  // namespace artel::analysis
