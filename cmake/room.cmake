# artel_room(NAME SOURCES... LINKS...): a folder is a target, and what it links is all that it may include.
# Warnings are errors in our code; third-party headers come in through imported (SYSTEM) targets.
add_library(artel_compile INTERFACE)
target_include_directories(artel_compile INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(artel_compile INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align
  -Wunused -Wno-missing-field-initializers -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports these inside its own headers at -O2; they are not about our code.
  target_compile_options(artel_compile INTERFACE -Wno-restrict
    -Wno-maybe-uninitialized -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(ARTEL_SANITIZE)
  target_compile_options(artel_compile INTERFACE -fsanitize=${ARTEL_SANITIZE} -fno-omit-frame-pointer)
  if(ARTEL_SANITIZE MATCHES undefined)  # what is undefined ends the program, so that a test fails
    target_compile_options(artel_compile INTERFACE -fno-sanitize-recover=undefined)
  endif()
  target_link_options(artel_compile INTERFACE -fsanitize=${ARTEL_SANITIZE})
endif()

function(artel_room name)
  cmake_parse_arguments(room "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(artel_${name} STATIC ${room_SOURCES})
  target_link_libraries(artel_${name} PUBLIC artel_compile ${room_LINKS} PRIVATE ${room_PRIVATE_LINKS})
endfunction()

# A room of headers only.
function(artel_header_room name)
  cmake_parse_arguments(room "" "" "LINKS" ${ARGN})
  add_library(artel_${name} INTERFACE)
  target_link_libraries(artel_${name} INTERFACE artel_compile ${room_LINKS})
endfunction()

function(artel_program name)
  cmake_parse_arguments(prog "" "" "SOURCES;LINKS" ${ARGN})
  add_executable(${name} ${prog_SOURCES})
  target_link_libraries(${name} PRIVATE artel_compile ${prog_LINKS})
endfunction()
