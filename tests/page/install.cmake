# Tests beside their packages, in the build folder.
file(GLOB files ${FROM}/*.mjs ${FROM}/package.json ${FROM}/package-lock.json ${FROM}/.npmrc)
file(MAKE_DIRECTORY ${TO})
file(COPY ${files} DESTINATION ${TO})
execute_process(COMMAND npm ci --no-audit --no-fund --loglevel=error WORKING_DIRECTORY ${TO} COMMAND_ERROR_IS_FATAL ANY)
