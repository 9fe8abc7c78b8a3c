# cmake -DNM=nm -DBUILD=folder -P CheckIfmaSymbols.cmake: fails where a unit compiled for AVX-512 IFMA (TrainproofIfma.cmake) gives the
# linker a function that others define, too: it may take this one for all, and then a processor without IFMA meets it.
file(GLOB_RECURSE objects ${BUILD}/*_ifma.cc.o)
if(NOT objects)
  message(FATAL_ERROR "no *_ifma.cc.o below ${BUILD}")
endif()
foreach(object IN LISTS objects)
  execute_process(COMMAND ${NM} -C ${object} OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]* [WVu] [^\n]*" shared "${symbols}")
  # What only says where exceptions go.
  list(FILTER shared EXCLUDE REGEX "__clang_call_terminate|DW\\.ref\\.__gxx_personality_v0")
  # Constants.
  list(FILTER shared EXCLUDE REGEX " V .*::k[A-Z][A-Za-z0-9]*$| u .*::k[A-Z][A-Za-z0-9]*$")
  # Templates that only these units instantiate.
  list(FILTER shared EXCLUDE REGEX " W [^(]*trainproof::ifma::[a-z_]+<")
  if(shared)
    string(REPLACE ";" "\n" shared "${shared}")
    message(SEND_ERROR "${object} shares\n${shared}")
  endif()
endforeach()
