# trainproof_test(name [PORTABLE] SOURCES file.cc … LIBS library …): a test program and its entry in ctest. Sources of a test see
# TRAINPROOF_TEST_HOOKS and TRAINPROOF_VECTORS, the folder of the vectors that native/ and src/ share.
function(trainproof_test name)
  if(NOT TRAINPROOF_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 TEST "PORTABLE" "" "SOURCES;LIBS")
  add_executable(${name} ${TEST_SOURCES})
  # Never nvcc, whatever is linked.
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${TEST_LIBS})
  target_compile_definitions(${name} PRIVATE
    TRAINPROOF_TEST_HOOKS TRAINPROOF_VECTORS="${PROJECT_SOURCE_DIR}/../test/vectors"
    TRAINPROOF_DATA="${PROJECT_SOURCE_DIR}/../data")
  add_test(NAME ${name} COMMAND ${name})
  # Again as on a processor without vector instructions for fields (field/ifma_supported.h).
  if(TEST_PORTABLE)
    add_test(NAME ${name}_portable COMMAND ${name})
    set_tests_properties(${name}_portable PROPERTIES ENVIRONMENT TRAINPROOF_PORTABLE=1)
  endif()
endfunction()

# The same for a program that needs a GPU or its simulator: not ctest's.
function(trainproof_cuda_test name)
  if(NOT TRAINPROOF_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 TEST "" "" "SOURCES;LIBS")
  add_executable(${name} ${TEST_SOURCES})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE ${TEST_LIBS})
  target_compile_definitions(${name} PRIVATE
    TRAINPROOF_TEST_HOOKS TRAINPROOF_DATA="${PROJECT_SOURCE_DIR}/../data")
endfunction()
