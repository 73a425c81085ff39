# The page's sources beside its packages; files that are gone there go here, too.
file(REMOVE_RECURSE ${TO}/src ${TO}/public ${TO}/dist)
foreach(each src public index.html vite.config.ts tsconfig.json embed.mjs)
  if(EXISTS ${FROM}/${each})
    file(COPY ${FROM}/${each} DESTINATION ${TO})
  endif()
endforeach()
