# artel_embed(TARGET HEADER FILE...): the files' text as string_views in namespace artel::embedded, each named like its file
# with _ for what is no letter. The header is made in the build folder, again whenever a file changes.
function(artel_embed target header)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/embedded/${header})
  set(files "")
  foreach(file IN LISTS ARGN)
    get_filename_component(file ${file} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_SOURCE_DIR})
    list(APPEND files ${file})
  endforeach()
  string(JOIN "|" joined ${files})
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -DHEADER=${made} "-DFILES=${joined}" -P ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/embed_files.cmake VERBATIM)
  target_sources(${target} PRIVATE ${made})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()

# artel_source_hash(TARGET HEADER PATTERN...): a hash of all sources that match, as artel::embedded::source_hash, made again whenever
# one of them changes: says which program wrote something.
function(artel_source_hash target header)
  set(made ${CMAKE_CURRENT_BINARY_DIR}/embedded/${header})
  file(GLOB_RECURSE files CONFIGURE_DEPENDS ${ARGN})
  string(JOIN "|" joined ${files})
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -DHEADER=${made} "-DFILES=${joined}" -P ${CMAKE_SOURCE_DIR}/cmake/hash_files.cmake
    DEPENDS ${files} ${CMAKE_SOURCE_DIR}/cmake/hash_files.cmake VERBATIM)
  target_sources(${target} PRIVATE ${made})
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
