# AVX-512 IFMA: translation units of their own (x_ifma.cc), entered only where ifma::supported() says so. TRAINPROOF_IFMA is
# defined where the compiler can make them.
include(CheckCXXCompilerFlag)
set(TRAINPROOF_IFMA_FLAGS
  -mavx2 -mbmi -mbmi2 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx512vbmi2 -mavx512ifma -mavx512vnni -DTRAINPROOF_IFMA_UNIT)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 takes its own headers' undefined registers for mistakes.
  list(APPEND TRAINPROOF_IFMA_FLAGS -Wno-uninitialized -Wno-maybe-uninitialized)
endif()
check_cxx_compiler_flag("-mavx512ifma -mavx512vbmi2 -mavx512vnni" TRAINPROOF_COMPILES_IFMA)
if(TRAINPROOF_COMPILES_IFMA AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  add_compile_definitions(TRAINPROOF_IFMA)
endif()

# trainproof_ifma_sources(target file.cc …): adds them to the target where they can be compiled.
function(trainproof_ifma_sources target)
  if(NOT (TRAINPROOF_COMPILES_IFMA AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64"))
    return()
  endif()
  target_sources(${target} PRIVATE ${ARGN})
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS "${TRAINPROOF_IFMA_FLAGS}")
endfunction()

# Optimised builds only: others emit what is inline, too, but are not given to anyone.
if(TRAINPROOF_BUILD_TESTS AND TRAINPROOF_COMPILES_IFMA AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND
   CMAKE_BUILD_TYPE STREQUAL "Release")
  enable_testing()
  add_test(NAME ifma_symbols COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DBUILD=${CMAKE_BINARY_DIR}
    -P ${CMAKE_CURRENT_LIST_DIR}/CheckIfmaSymbols.cmake)
  set_tests_properties(ifma_symbols PROPERTIES LABELS exit-status)
endif()
