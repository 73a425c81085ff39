// node embed.mjs FOLDER FILE.cpp: the folder's files, compressed, as a table in C++.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { extname, join, relative, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const [folder, target] = process.argv.slice(2);
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  .map((each) => join(each.parentPath ?? each.path, each.name)).sort();
let text = '#include "actors/operation/page/assets.hpp"\n\n#include <algorithm>\n#include <iterator>\n\nnamespace artel::operation {\nnamespace {\n';
const rows = [];
let total = 0;
files.forEach((file, number) => {
  const content = readFileSync(file);
  const body = gzipSync(content, { level: 9 });
  const type = types[extname(file)];
  if (!type) throw new Error(`${file}: of no known type`);
  // One file to include as it is; the assembler takes it faster than a compiler takes letters.
  const packed = resolve(`${file}.gz`);
  writeFileSync(packed, body);
  total += body.length;
  text += `extern "C" const char artel_asset_${number}[];\n__asm__(".section .rodata\\n.global artel_asset_${number}\\nartel_asset_${number}:\\n.incbin \\"${packed}\\"\\n.previous\\n");\n`;
  rows.push(`    {"/${relative(folder, file)}", "${type}", {artel_asset_${number}, ${body.length}}, "${createHash("sha256").update(content).digest("hex").slice(0, 16)}"},\n`);
});
text += `const asset assets[] = {\n${rows.join("")}};\n}  // namespace\n\nconst asset* find_asset(std::string_view path) {\n  if (path == "/") path = "/index.html";\n`
  + "  const auto found = std::find_if(std::begin(assets), std::end(assets), [&](const asset& each) { return each.path == path; });\n"
  + "  return found == std::end(assets) ? nullptr : found;\n}\n\n}  // namespace artel::operation\n";
writeFileSync(target, text);
console.log(`the page: ${files.length} files, ${total} bytes compressed`);
