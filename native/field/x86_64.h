// Carry chains in assembly for x86-64: what g++ makes of unsigned __int128 keeps carries in memory and takes two
// to seven times as long (multiplication 35 against 15 ns, addition 11 against 2, on an EPYC of 2023). Multiplications need MULX
// and the two carry flags of ADX (Intel since 2014, AMD since 2017), which is asked once; without, portable code runs.
#ifndef TRAINPROOF_FIELD_X86_64_H_
#define TRAINPROOF_FIELD_X86_64_H_

#include "field/limbs.h"

// Without optimisation there are not enough registers.
#if defined(__x86_64__) && defined(__OPTIMIZE__) && defined(__GNUC__)
#define TRAINPROOF_X86_64 1

namespace trainproof::x86_64 {

using limbs::u64;
using limbs::U256;

#ifdef TRAINPROOF_IFMA_UNIT
// Units that run only where ifma::supported(): they must not emit portable functions, or the linker might take theirs for all.
static constexpr bool kHasAdx = true;
#else
inline const bool kHasAdx = [] {
  __builtin_cpu_init();
  return __builtin_cpu_supports("adx") && __builtin_cpu_supports("bmi2");
}();
#endif

// The object's address as one register that the compiler cannot take apart again: memory operands with a base
// and an index each would be too many registers for one block of assembly.
template <class T>
TRAINPROOF_INLINE T* in_register(T& object) {
  T* address = &object;
  asm("" : "+r"(address));
  return address;
}

// x + y mod p for x, y < p < 2^255.
TRAINPROOF_INLINE U256 add_mod(const U256& x, const U256& y, const U256& p) {
  u64 s0 = x[0], s1 = x[1], s2 = x[2], s3 = x[3], d0, d1, d2, d3;
  asm("add %[y0], %[s0]\n\t"
      "adc %[y1], %[s1]\n\t"
      "adc %[y2], %[s2]\n\t"
      "adc %[y3], %[s3]\n\t"
      "mov %[s0], %[d0]\n\t"
      "mov %[s1], %[d1]\n\t"
      "mov %[s2], %[d2]\n\t"
      "mov %[s3], %[d3]\n\t"
      "sub %[p0], %[d0]\n\t"
      "sbb %[p1], %[d1]\n\t"
      "sbb %[p2], %[d2]\n\t"
      "sbb %[p3], %[d3]\n\t"
      "cmovnc %[d0], %[s0]\n\t"
      "cmovnc %[d1], %[s1]\n\t"
      "cmovnc %[d2], %[s2]\n\t"
      "cmovnc %[d3], %[s3]"
      : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [d0] "=&r"(d0), [d1] "=&r"(d1),
        [d2] "=&r"(d2), [d3] "=&r"(d3)
      : [y0] "m"(y[0]), [y1] "m"(y[1]), [y2] "m"(y[2]), [y3] "m"(y[3]),
        [p0] "m"(p[0]), [p1] "m"(p[1]), [p2] "m"(p[2]), [p3] "m"(p[3])
      : "cc");
  return {s0, s1, s2, s3};
}

// x − y mod p for x, y < p.
TRAINPROOF_INLINE U256 subtract_mod(const U256& x, const U256& y, const U256& p) {
  u64 s0 = x[0], s1 = x[1], s2 = x[2], s3 = x[3], d0 = p[0], d1 = p[1], d2 = p[2], d3 = p[3], zero = 0;
  asm("sub %[y0], %[s0]\n\t"
      "sbb %[y1], %[s1]\n\t"
      "sbb %[y2], %[s2]\n\t"
      "sbb %[y3], %[s3]\n\t"
      "cmovnc %[zero], %[d0]\n\t"
      "cmovnc %[zero], %[d1]\n\t"
      "cmovnc %[zero], %[d2]\n\t"
      "cmovnc %[zero], %[d3]\n\t"
      "add %[d0], %[s0]\n\t"
      "adc %[d1], %[s1]\n\t"
      "adc %[d2], %[s2]\n\t"
      "adc %[d3], %[s3]"
      : [s0] "+&r"(s0), [s1] "+&r"(s1), [s2] "+&r"(s2), [s3] "+&r"(s3), [d0] "+&r"(d0), [d1] "+&r"(d1),
        [d2] "+&r"(d2), [d3] "+&r"(d3)
      : [y0] "m"(y[0]), [y1] "m"(y[1]), [y2] "m"(y[2]), [y3] "m"(y[3]),
        [zero] "r"(zero)
      : "cc");
  return {s0, s1, s2, s3};
}

// t += x_i·y, lower halves along OF and upper halves along CF; t4 is new.
#define TRAINPROOF_ADD_ROW(x)                                        \
  "mov %[" #x "], %%rdx\n\t"                                         \
  "xor %%eax, %%eax\n\t"                                             \
  "mulx %[y0], %%rax, %[h]\n\t"                                       \
  "adox %%rax, %[t0]\n\t"                                            \
  "adcx %[h], %[t1]\n\t"                                             \
  "mulx %[y1], %%rax, %[h]\n\t"                                     \
  "adox %%rax, %[t1]\n\t"                                            \
  "adcx %[h], %[t2]\n\t"                                             \
  "mulx %[y2], %%rax, %[h]\n\t"                                    \
  "adox %%rax, %[t2]\n\t"                                            \
  "adcx %[h], %[t3]\n\t"                                             \
  "mulx %[y3], %%rax, %[t4]\n\t"                                   \
  "adox %%rax, %[t3]\n\t"                                            \
  "mov $0, %%eax\n\t"                                                \
  "adcx %%rax, %[t4]\n\t"                                            \
  "adox %%rax, %[t4]\n\t"

// t = (t + m·p) / 2^64 with m = −t/p mod 2^64.
#define TRAINPROOF_REDUCE_ROW                                        \
  "mov %[t0], %%rdx\n\t"                                             \
  "imul %[n], %%rdx\n\t"                                             \
  "xor %%eax, %%eax\n\t"                                             \
  "mulx %[p0], %%rax, %[h]\n\t"                                       \
  "adcx %[t0], %%rax\n\t"                                            \
  "mov %[h], %[t0]\n\t"                                              \
  "adcx %[t1], %[t0]\n\t"                                            \
  "mulx %[p1], %%rax, %[t1]\n\t"                                    \
  "adox %%rax, %[t0]\n\t"                                            \
  "adcx %[t2], %[t1]\n\t"                                            \
  "mulx %[p2], %%rax, %[t2]\n\t"                                   \
  "adox %%rax, %[t1]\n\t"                                            \
  "adcx %[t3], %[t2]\n\t"                                            \
  "mulx %[p3], %%rax, %[t3]\n\t"                                   \
  "adox %%rax, %[t2]\n\t"                                            \
  "mov $0, %%eax\n\t"                                                \
  "adcx %%rax, %[t3]\n\t"                                            \
  "adox %[t4], %[t3]\n\t"

// t mod p for t < 2p.
#define TRAINPROOF_SUBTRACT_ONCE \
  "mov %[t0], %%rax\n\t" \
  "mov %[t1], %%rdx\n\t" \
  "mov %[t2], %[h]\n\t" \
  "mov %[t3], %[t4]\n\t" \
  "sub %[p0], %%rax\n\t" \
  "sbb %[p1], %%rdx\n\t" \
  "sbb %[p2], %[h]\n\t" \
  "sbb %[p3], %[t4]\n\t" \
  "cmovnc %%rax, %[t0]\n\t" \
  "cmovnc %%rdx, %[t1]\n\t" \
  "cmovnc %[h], %[t2]\n\t" \
  "cmovnc %[t4], %[t3]"

// x·y / 2^256 mod p, reduced; x any 256-bit integer, y < p < 2^254; n = −1/p mod 2^64. Only where kHasAdx.
TRAINPROOF_INLINE U256 montgomery(const U256& x, const U256& y, const U256& p, const u64& n) {
  const U256 *x_at = in_register(x), *y_at = in_register(y);
  u64 t0, t1, t2, t3, t4, h;
  asm("mov %[x0], %%rdx\n\t"
      "mulx %[y0], %[t0], %[t1]\n\t"
      "mulx %[y1], %%rax, %[t2]\n\t"
      "add %%rax, %[t1]\n\t"
      "mulx %[y2], %%rax, %[t3]\n\t"
      "adc %%rax, %[t2]\n\t"
      "mulx %[y3], %%rax, %[t4]\n\t"
      "adc %%rax, %[t3]\n\t"
      "adc $0, %[t4]\n\t"
      TRAINPROOF_REDUCE_ROW
      TRAINPROOF_ADD_ROW(x1) TRAINPROOF_REDUCE_ROW
      TRAINPROOF_ADD_ROW(x2) TRAINPROOF_REDUCE_ROW
      TRAINPROOF_ADD_ROW(x3) TRAINPROOF_REDUCE_ROW
      TRAINPROOF_SUBTRACT_ONCE
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [h] "=&r"(h)
      : [x0] "m"((*x_at)[0]), [x1] "m"((*x_at)[1]), [x2] "m"((*x_at)[2]), [x3] "m"((*x_at)[3]),
        [y0] "m"((*y_at)[0]), [y1] "m"((*y_at)[1]), [y2] "m"((*y_at)[2]), [y3] "m"((*y_at)[3]),
        [p0] "m"(p[0]), [p1] "m"(p[1]), [p2] "m"(p[2]), [p3] "m"(p[3]), [n] "m"(n)
      : "rax", "rdx", "cc");
  return {t0, t1, t2, t3};
}

// word·y / 2^64 mod p, reduced; y < p. Only where kHasAdx.
TRAINPROOF_INLINE U256 word_product(u64 word, const U256& y, const U256& p, const u64& n) {
  u64 t0, t1, t2, t3, t4, h;
  asm("mulx %[y0], %[t0], %[t1]\n\t"
      "mulx %[y1], %%rax, %[t2]\n\t"
      "add %%rax, %[t1]\n\t"
      "mulx %[y2], %%rax, %[t3]\n\t"
      "adc %%rax, %[t2]\n\t"
      "mulx %[y3], %%rax, %[t4]\n\t"
      "adc %%rax, %[t3]\n\t"
      "adc $0, %[t4]\n\t"
      TRAINPROOF_REDUCE_ROW
      TRAINPROOF_SUBTRACT_ONCE
      : [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [h] "=&r"(h),
        "+d"(word)
      : [y0] "m"(y[0]), [y1] "m"(y[1]), [y2] "m"(y[2]), [y3] "m"(y[3]),
        [p0] "m"(p[0]), [p1] "m"(p[1]), [p2] "m"(p[2]), [p3] "m"(p[3]), [n] "m"(n)
      : "rax", "cc");
  return {t0, t1, t2, t3};
}

#undef TRAINPROOF_ADD_ROW
#undef TRAINPROOF_REDUCE_ROW
#undef TRAINPROOF_SUBTRACT_ONCE

// sum += x·y, nine limbs. Only where kHasAdx.
TRAINPROOF_INLINE void add_product(std::array<u64, 9>& sum, const U256& x, const U256& y) {
  const U256 *x_at = in_register(x), *y_at = in_register(y);
  auto* sum_at = in_register(sum);
  u64 t0, t1, t2, t3, t4, t5, t6, h;
#define TRAINPROOF_ROW(offset, a, b, c, d, e)     \
  "mov " #offset "(%[x]), %%rdx\n\t"              \
  "xor %%eax, %%eax\n\t"                          \
  "mulx (%[y]), %%rax, %[h]\n\t"                  \
  "adox %%rax, %[" #a "]\n\t"                     \
  "adcx %[h], %[" #b "]\n\t"                      \
  "mulx 8(%[y]), %%rax, %[h]\n\t"                 \
  "adox %%rax, %[" #b "]\n\t"                     \
  "adcx %[h], %[" #c "]\n\t"                      \
  "mulx 16(%[y]), %%rax, %[h]\n\t"                \
  "adox %%rax, %[" #c "]\n\t"                     \
  "adcx %[h], %[" #d "]\n\t"                      \
  "mulx 24(%[y]), %%rax, %[" #e "]\n\t"           \
  "adox %%rax, %[" #d "]\n\t"                     \
  "mov $0, %%eax\n\t"                             \
  "adcx %%rax, %[" #e "]\n\t"                     \
  "adox %%rax, %[" #e "]\n\t"
  asm("mov (%[x]), %%rdx\n\t"
      "mulx (%[y]), %[t0], %[t1]\n\t"
      "mulx 8(%[y]), %%rax, %[t2]\n\t"
      "add %%rax, %[t1]\n\t"
      "mulx 16(%[y]), %%rax, %[t3]\n\t"
      "adc %%rax, %[t2]\n\t"
      "mulx 24(%[y]), %%rax, %[t4]\n\t"
      "adc %%rax, %[t3]\n\t"
      "adc $0, %[t4]\n\t"
      TRAINPROOF_ROW(8, t1, t2, t3, t4, t5)
      TRAINPROOF_ROW(16, t2, t3, t4, t5, t6)
      TRAINPROOF_ROW(24, t3, t4, t5, t6, h)  // h is free when it takes the last limb
      "add %[t0], (%[sum])\n\t"
      "adc %[t1], 8(%[sum])\n\t"
      "adc %[t2], 16(%[sum])\n\t"
      "adc %[t3], 24(%[sum])\n\t"
      "adc %[t4], 32(%[sum])\n\t"
      "adc %[t5], 40(%[sum])\n\t"
      "adc %[t6], 48(%[sum])\n\t"
      "adc %[h], 56(%[sum])\n\t"
      "adcq $0, 64(%[sum])"
      : "+m"(*sum_at), [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2), [t3] "=&r"(t3), [t4] "=&r"(t4), [t5] "=&r"(t5),
        [t6] "=&r"(t6), [h] "=&r"(h)
      : [x] "r"(x_at), [y] "r"(y_at), [sum] "r"(sum_at), "m"(*x_at), "m"(*y_at)
      : "rax", "rdx", "cc");
#undef TRAINPROOF_ROW
}

// sum += x·word, six limbs. Only where kHasAdx.
TRAINPROOF_INLINE void add_multiple(std::array<u64, 6>& sum, const U256& x, u64 word) {
  const U256* x_at = in_register(x);
  auto* sum_at = in_register(sum);
  u64 t0, t1, t2, t3, t4;
  asm("mulx %[x0], %[t0], %[t1]\n\t"
      "mulx %[x1], %%rax, %[t2]\n\t"
      "add %%rax, %[t1]\n\t"
      "mulx %[x2], %%rax, %[t3]\n\t"
      "adc %%rax, %[t2]\n\t"
      "mulx %[x3], %%rax, %[t4]\n\t"
      "adc %%rax, %[t3]\n\t"
      "adc $0, %[t4]\n\t"
      "add %[t0], %[s0]\n\t"
      "adc %[t1], %[s1]\n\t"
      "adc %[t2], %[s2]\n\t"
      "adc %[t3], %[s3]\n\t"
      "adc %[t4], %[s4]\n\t"
      "adcq $0, %[s5]"
      : [s0] "+m"((*sum_at)[0]), [s1] "+m"((*sum_at)[1]), [s2] "+m"((*sum_at)[2]), [s3] "+m"((*sum_at)[3]),
        [s4] "+m"((*sum_at)[4]), [s5] "+m"((*sum_at)[5]), [t0] "=&r"(t0), [t1] "=&r"(t1), [t2] "=&r"(t2),
        [t3] "=&r"(t3), [t4] "=&r"(t4)
      : [x0] "m"((*x_at)[0]), [x1] "m"((*x_at)[1]), [x2] "m"((*x_at)[2]), [x3] "m"((*x_at)[3]), "d"(word)
      : "rax", "cc");
}

// sum += x & mask, five limbs.
TRAINPROOF_INLINE void add_masked(std::array<u64, 5>& sum, const U256& x, u64 mask) {
  auto* sum_at = in_register(sum);
  asm("add %[a], %[s0]\n\t"
      "adc %[b], %[s1]\n\t"
      "adc %[c], %[s2]\n\t"
      "adc %[d], %[s3]\n\t"
      "adcq $0, %[s4]"
      : [s0] "+m"((*sum_at)[0]), [s1] "+m"((*sum_at)[1]), [s2] "+m"((*sum_at)[2]), [s3] "+m"((*sum_at)[3]),
        [s4] "+m"((*sum_at)[4])
      : [a] "r"(x[0] & mask), [b] "r"(x[1] & mask), [c] "r"(x[2] & mask), [d] "r"(x[3] & mask)
      : "cc");
}

}  // namespace trainproof::x86_64

#endif

#endif  // TRAINPROOF_FIELD_X86_64_H_
