// The readers of both layouts, piece by piece: where a path leads, defaults, types, and the names
// of modules.
#include <catch2/catch.hpp>

#include "actors/analysis/metadata/element.hpp"
#include "actors/analysis/metadata/layout.hpp"
#include "actors/analysis/metadata/module_files.hpp"
#include "actors/analysis/metadata/object_reader.hpp"
#include "tests/unit/analysis/support.hpp"

using namespace artel::analysis;
using namespace artel::analysis::test;

TEST_CASE("a path may be the project, its src, src/cf, the configuration, or a folder around it") {
  for (const auto& below :
       {"edt", "edt/src", "edt/src/Configuration", "edt/src/Configuration/Configuration.mdo"}) {
    const auto found = find_configuration(samples / below);
    REQUIRE(found);
    CHECK(found->written_as == layout::edt);
    CHECK(found->root == fs::canonical(samples / "edt" / "src"));
  }
  temporary_folder folder;
  fs::create_directories(folder.path() / "project" / "src");
  fs::create_directory_symlink(samples / "designer", folder.path() / "project" / "src" / "cf");
  for (const auto& below : {"project/src/cf", "project/src", "project", "."}) {
    const auto found = find_configuration(folder.path() / below);
    REQUIRE(found);
    CHECK(found->written_as == layout::designer);
  }
}

TEST_CASE("a path with several configurations is refused with the list of them") {
  const auto found = find_configuration(samples);
  REQUIRE_FALSE(found);
  CHECK(found.error().text.find("2 configurations") != std::string::npos);
  CHECK(found.error().text.find("designer") != std::string::npos);
  CHECK(found.error().text.find("edt/src") != std::string::npos);
}

TEST_CASE("a path that is no configuration says what was expected") {
  temporary_folder folder;
  CHECK(find_configuration(folder.path()).error().text.find("Configuration.xml") !=
        std::string::npos);
  fs::create_directories(folder.path() / "Catalogs");
  CHECK(find_configuration(folder.path()).error().text.find("half of a configuration") !=
        std::string::npos);
  CHECK(find_configuration(folder.path() / "nowhere").error().code ==
        artel::trouble_code::not_found);
}

TEST_CASE("modules are named by their place in either layout") {
  const auto id = [](std::vector<std::string> parts) {
    const auto found = module_at(parts);
    return found.id + " " + found.module_type;
  };
  CHECK(id({"Catalogs", "X", "Ext", "ObjectModule.bsl"}) == "Catalog.X.ObjectModule ObjectModule");
  CHECK(id({"Catalogs", "X", "ObjectModule.bsl"}) == "Catalog.X.ObjectModule ObjectModule");
  CHECK(id({"Catalogs", "X", "Forms", "F", "Ext", "Form", "Module.bsl"}) ==
        "Catalog.X.Form.F.FormModule FormModule");
  CHECK(id({"Catalogs", "X", "Forms", "F", "Module.bsl"}) ==
        "Catalog.X.Form.F.FormModule FormModule");
  CHECK(id({"CommonForms", "F", "Ext", "Form", "Module.bsl"}) ==
        "CommonForm.F.FormModule FormModule");
  CHECK(id({"CommonModules", "M", "Ext", "Module.bsl"}) == "CommonModule.M.Module CommonModule");
  CHECK(id({"Catalogs", "Ext", "Ext", "ObjectModule.bsl"}) ==
        "Catalog.Ext.ObjectModule ObjectModule");
  CHECK(id({"Ext", "SessionModule.bsl"}) == "Configuration.SessionModule SessionModule");
  CHECK(id({"Configuration", "SessionModule.bsl"}) == "Configuration.SessionModule SessionModule");
  CHECK(id({"CalculationRegisters", "R", "Recalculations", "P", "Ext", "RecordSetModule.bsl"}) ==
        "CalculationRegister.R.Recalculation.P.RecordSetModule RecordSetModule");
  CHECK(id({"WebServices", "W", "Module.bsl"}) == "WebService.W.WebServiceModule WebServiceModule");
  CHECK(id({"CommonCommands", "C", "Ext", "CommandModule.bsl"}) ==
        "CommonCommand.C.CommandModule CommandModule");
}

TEST_CASE("types are resolved by namespace and never by prefix") {
  pugi::xml_document document;
  REQUIRE(document.load_string(
      R"(<Attribute xmlns:q="http://www.w3.org/2001/XMLSchema" xmlns:v="http://v8.1c.ru/8.1/data/core"><Properties>)"
      R"(<Type><v:Type>q:string</v:Type><v:Type xmlns:d5p1="http://v8.1c.ru/8.1/data/enterprise/current-config">)"
      R"(d5p1:CatalogRef.X</v:Type><v:Type xmlns:z="urn:other">z:string</v:Type></Type></Properties></Attribute>)"));
  const auto type = element(document.document_element(), layout::designer).type("Type");
  CHECK(type.types == std::vector<std::string>{"String", "CatalogRef.X", "string"});
}

TEST_CASE("EDT leaves out defaults and the reader fills them in, except for adopted objects") {
  temporary_folder folder;
  const auto write = [&](std::string_view inside) {
    spill(folder.path() / "Configuration" / "Configuration.mdo",
          R"(<mdclass:Configuration xmlns:mdclass="m"><name>C</name></mdclass:Configuration>)");
    spill(folder.path() / "Documents" / "D" / "D.mdo",
          R"(<mdclass:Document xmlns:mdclass="m" uuid="1"><name>D</name>)" + std::string(inside) +
              "</mdclass:Document>");
    const auto place = find_configuration(folder.path());
    REQUIRE(place);
    return read_object(*place, {*kind_of_singular("Document"), "D"}).objects.at(0);
  };
  CHECK(write("").properties.at("Posting") == "Allow");
  CHECK(write("<posting>Deny</posting>").properties.at("Posting") == "Deny");
  const auto adopted = write("<objectBelonging>Adopted</objectBelonging>");
  CHECK(adopted.belonging == "Adopted");
  CHECK(adopted.properties.empty());
  const auto attribute =
      write("<attributes><name>A</name><type><types>Date</types></type></attributes>")
          .parts.attributes.at(0);
  CHECK(attribute.fill_checking == "DontCheck");
  CHECK(attribute.use == "ForItem");
  CHECK(attribute.type.date_fractions == "DateTime");
}

TEST_CASE("a name that climbs out of the configuration is kept and not followed") {
  temporary_folder folder;
  one_module(folder.path() / "inside", "");
  spill(folder.path() / "secret.xml",
        "<MetaDataObject><Catalog><Properties><Name>S</Name></Properties></Catalog></"
        "MetaDataObject>");
  const auto place = find_configuration(folder.path() / "inside");
  REQUIRE(place);
  const auto found = read_object(*place, {*kind_of_singular("Catalog"), "../../secret"});
  REQUIRE(found.objects.size() == 1);
  CHECK_FALSE(found.objects[0].complete);
  CHECK(found.problems.size() == 1);
}
