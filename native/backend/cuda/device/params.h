// The fields' constants for kernels: those of PrimeField (field/field.h), which cuda_params_test.cc compares them with. Functions,
// since device code cannot read a host's array.
#ifndef TRAINPROOF_BACKEND_CUDA_DEVICE_PARAMS_H_
#define TRAINPROOF_BACKEND_CUDA_DEVICE_PARAMS_H_

#include <cstdint>

#ifdef __CUDACC__
#define TRAINPROOF_HOST_DEVICE __host__ __device__ __forceinline__
#else
#define TRAINPROOF_HOST_DEVICE inline
#endif

namespace trainproof::cuda {

struct Limbs8 {
  std::uint32_t at[8];
};

struct FrDeviceParams {
  static constexpr std::uint32_t kInverse = 0xefffffff;  // −1/p mod 2^32
  // p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 modulus() {
    return {{0xf0000001, 0x43e1f593, 0x79b97091, 0x2833e848,
             0x8181585d, 0xb85045b6, 0xe131a029, 0x30644e72}};
  }
  // 2p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 twice() {
    return {{0xe0000002, 0x87c3eb27, 0xf372e122, 0x5067d090,
             0x0302b0ba, 0x70a08b6d, 0xc2634053, 0x60c89ce5}};
  }
  // 2^256 mod p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 one() {
    return {{0x4ffffffb, 0xac96341c, 0x9f60cd29, 0x36fc7695,
             0x7879462e, 0x666ea36f, 0x9a07df2f, 0x0e0a77c1}};
  }
  // 2^320 mod p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 one_shifted() {
    return {{0x7c5fb586, 0xb4c6edf9, 0xbfeb93be, 0x708c8d50,
             0x04f7e0ef, 0x9ffd1de4, 0x9a392866, 0x215b02ac}};
  }
  // 2^512 mod p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 square() {
    return {{0xae216da7, 0x1bb8e645, 0xe35c59e3, 0x53fe3ab1,
             0x53bb8085, 0x8c49833d, 0x7f4e44a5, 0x0216d0b1}};
  }
};

struct FqDeviceParams {
  static constexpr std::uint32_t kInverse = 0xe4866389;  // −1/p mod 2^32
  // p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 modulus() {
    return {{0xd87cfd47, 0x3c208c16, 0x6871ca8d, 0x97816a91,
             0x8181585d, 0xb85045b6, 0xe131a029, 0x30644e72}};
  }
  // 2p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 twice() {
    return {{0xb0f9fa8e, 0x7841182d, 0xd0e3951a, 0x2f02d522,
             0x0302b0bb, 0x70a08b6d, 0xc2634053, 0x60c89ce5}};
  }
  // 2^256 mod p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 one() {
    return {{0xc58f0d9d, 0xd35d438d, 0xf5c70b3d, 0x0a78eb28,
             0x7879462c, 0x666ea36f, 0x9a07df2f, 0x0e0a77c1}};
  }
  // 2^320 mod p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 one_shifted() {
    return {{0xb1d8c62a, 0x2d9e3b3f, 0xeb3c74f7, 0x1be5d753,
             0x5d840e23, 0x532e2dcf, 0x9a392864, 0x215b02ac}};
  }
  // 2^512 mod p
  TRAINPROOF_HOST_DEVICE static constexpr Limbs8 square() {
    return {{0x538afa89, 0xf32cfc5b, 0xd44501fb, 0xb5e71911,
             0x0a417ff6, 0x47ab1eff, 0xcab8351f, 0x06d89f71}};
  }
};

}  // namespace trainproof::cuda

#endif  // TRAINPROOF_BACKEND_CUDA_DEVICE_PARAMS_H_
