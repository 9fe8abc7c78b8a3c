// The instructions of carry chains. Each is volatile, so that none moves out of its chain: the carry flag is not an operand.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_CARRY_CUH_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_CARRY_CUH_

#include <cstdint>

#define TRAINPROOF_DEVICE __device__ __forceinline__

namespace trainproof::cuda::carry {

using u32 = std::uint32_t;

#define TRAINPROOF_CARRY_2(name, instruction)                              \
  TRAINPROOF_DEVICE u32 name(u32 a, u32 b) {                               \
    u32 out;                                                               \
    asm volatile(instruction " %0, %1, %2;" : "=r"(out) : "r"(a), "r"(b)); \
    return out;                                                            \
  }
#define TRAINPROOF_CARRY_3(name, instruction)                                           \
  TRAINPROOF_DEVICE u32 name(u32 a, u32 b, u32 c) {                                     \
    u32 out;                                                                            \
    asm volatile(instruction " %0, %1, %2, %3;" : "=r"(out) : "r"(a), "r"(b), "r"(c));  \
    return out;                                                                         \
  }

// begin: sets the flag; next: takes and sets it; end: takes it.
TRAINPROOF_CARRY_2(add_begin, "add.cc.u32")
TRAINPROOF_CARRY_2(add_next, "addc.cc.u32")
TRAINPROOF_CARRY_2(add_end, "addc.u32")
TRAINPROOF_CARRY_2(sub_begin, "sub.cc.u32")
TRAINPROOF_CARRY_2(sub_next, "subc.cc.u32")
TRAINPROOF_CARRY_2(sub_end, "subc.u32")
TRAINPROOF_CARRY_2(mul_low, "mul.lo.u32")
TRAINPROOF_CARRY_2(mul_high, "mul.hi.u32")
// a·b + c, its low or high half
TRAINPROOF_CARRY_3(mad_low_begin, "mad.lo.cc.u32")
TRAINPROOF_CARRY_3(mad_low_next, "madc.lo.cc.u32")
TRAINPROOF_CARRY_3(mad_high_next, "madc.hi.cc.u32")
TRAINPROOF_CARRY_3(mad_high_end, "madc.hi.u32")

#undef TRAINPROOF_CARRY_2
#undef TRAINPROOF_CARRY_3

}  // namespace trainproof::cuda::carry

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_CARRY_CUH_
