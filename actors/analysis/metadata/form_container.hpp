// The file of an ordinary form (Form.bin of the Designer, Form.oform of EDT): a small file system
// of pages in which "form" is the layout and "module" the code, as UTF-8.
//
//   header   u32 free page, u32 page size, u32 count, u32 0        then blocks, wherever they lie:
//   block    CRLF size page next CRLF, three numbers of eight hexadecimal digits, each with a blank
//            behind it; then `page` bytes. `next` is where the rest lies, 7fffffff for nowhere
//   contents the first block: for each element u32 of its head, u32 of its data, u32 7fffffff
//   head     16 bytes of times, 4 bytes, the element's name in UTF-16
#pragma once

#include <string>
#include <string_view>

#include "messages/outcome.hpp"

namespace artel::analysis {

/// The text of the form's module, empty when it has none. Trouble when the bytes are no such file.
outcome<std::string> module_of_form(std::string_view bytes);

}  // namespace artel::analysis
