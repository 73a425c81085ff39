// index.html: one file that needs nothing else, with a search over objects and exported methods;
// see documentation_pages.hpp.
#include "actors/analysis/steps/documentation_pages.hpp"
#include "actors/analysis/steps/report.hpp"

namespace artel::analysis {
namespace {

constexpr std::string_view page_head = R"(<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Конфигурация</title>
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}
input{font:inherit;width:100%;padding:.5rem;box-sizing:border-box}
ul{list-style:none;padding:0}li{padding:.3rem 0;border-bottom:1px solid #8884}
small{opacity:.7}
</style></head><body>
<h1 id="title"></h1><p id="numbers"></p>
<label for="query">Поиск объекта или экспортного метода</label>
<input id="query" type="search" autocomplete="off"><p id="found" aria-live="polite"></p><ul id="list"></ul>
<script>
)";

// Everything is put with textContent: names come from configurations.
constexpr std::string_view page_tail = R"(
const shownMax=200,$=id=>document.getElementById(id);
$('title').textContent=data.name;document.title=data.name;
$('numbers').textContent=`Объектов: ${data.objects}, модулей: ${data.modules}, методов: ${data.methods}`;
function show(){
 const words=$('query').value.toLowerCase().split(/\s+/).filter(Boolean);
 const hits=data.items.filter(i=>words.every(w=>(i[0]+' '+i[1]).toLowerCase().includes(w)));
 $('found').textContent=`Найдено: ${hits.length}`+(hits.length>shownMax?`, показаны первые ${shownMax}`:'');
 $('list').replaceChildren(...hits.slice(0,shownMax).map(([id,note,page])=>{
  const li=document.createElement('li');let name=document.createElement('span');
  if(page){name=document.createElement('a');name.href='objects/'+encodeURIComponent(page)+'.md'}
  name.textContent=id;const small=document.createElement('small');small.textContent=' '+note;
  li.append(name,small);return li}));
}
$('query').addEventListener('input',show);show();
</script></body></html>
)";

// "</script>" inside a name must not end the script.
std::string script_text(std::string_view text) {
  std::string quoted;
  append_json_text(quoted, text);
  std::string made;
  for (const char each : quoted) {
    if (each == '<')
      made += "\\u003c";
    else
      made += each;
  }
  return made;
}

}  // namespace

outcome<done> write_search_page(const documentation& from, const std::filesystem::path& folder) {
  const auto& all = from.index.contents();
  file_sink out(folder / "index.html");
  out.put(page_head);
  out.put("const data={name:" + script_text(all.configuration.name) + ",objects:" +
          std::to_string(from.totals.objects) + ",modules:" + std::to_string(all.modules.size()) +
          ",methods:" + std::to_string(from.totals.functions + from.totals.procedures) +
          ",items:[\n");
  for (const auto& each : all.objects)
    out.put("[" + script_text(russian_id(each.id)) + "," + script_text(best_text(each.synonym)) +
            "," + script_text(file_name(each.id)) + "],\n");
  for (const auto& module : all.modules) {
    const auto text = from.index.text(module);
    const auto page = from.index.owner_of(module) ? file_name(module.owner) : std::string();
    for (const auto& method : module.syntax.methods)
      if (method.exported)
        out.put("[" +
                script_text(russian_id(module.owner) + "." + std::string(method.name.in(text))) +
                "," + script_text(module.path + ":" + std::to_string(method.line_start)) + "," +
                script_text(page) + "],\n");
  }
  out.put("]};");
  out.put(page_tail);
  return out.close();
}

}  // namespace artel::analysis
