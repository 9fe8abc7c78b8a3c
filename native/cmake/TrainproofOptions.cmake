# Compiler options of every target.
option(TRAINPROOF_SANITIZE "Build with the address and undefined-behaviour sanitizers" OFF)

# nvcc has options of its own.
set(TRAINPROOF_CXX "$<COMPILE_LANGUAGE:CXX>")
add_compile_options("$<${TRAINPROOF_CXX}:-Wall;-Wextra;-Werror>")
# Joining scalar loads of limbs into vector loads stalls on the scalar stores before them: field multiplications
# then take 20 ns, not 15.
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  add_compile_options("$<${TRAINPROOF_CXX}:-fno-slp-vectorize>")
else()
  add_compile_options("$<${TRAINPROOF_CXX}:-fno-tree-slp-vectorize;-Wno-stringop-overread>")
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -DNDEBUG")

if(TRAINPROOF_SANITIZE)
  set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g")
  add_compile_options(
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
