#include "backend/cuda/cuda_backend.h"
#include "backend/cuda/operations.h"
#include "util/error.h"

namespace trainproof::cuda {

static_assert(static_cast<int>(ZkReluJob::kZ) == static_cast<int>(kWeightZ) &&
              static_cast<int>(ZkReluJob::kGA) == static_cast<int>(kWeightGA) &&
              static_cast<int>(ZkReluJob::kA) == static_cast<int>(kWeightA) &&
              static_cast<int>(ZkReluJob::kG) == static_cast<int>(kWeightG) &&
              static_cast<int>(ZkReluJob::kGL) == static_cast<int>(kWeightGL) &&
              static_cast<int>(ZkReluJob::kEq) == static_cast<int>(kWeightEq) && ZkReluJob::kKinds == kZkReluKinds);

namespace {

std::vector<CudaFrBuffer*> tables_of(const ZkReluState& state) {
  std::vector<CudaFrBuffer*> out;
  for (const FrHandle* column : {&state.m, &state.v, &state.r, &state.g, &state.h}) {
    if (*column) out.push_back(&on_device(**column));
  }
  for (const FrHandle& time : state.times) out.push_back(&on_device(*time));
  return out;
}

}  // namespace

std::array<Fr, 3> CudaBackend::zkrelu_round(const ZkReluState& state) {
  TRAINPROOF_INVARIANT(state.length % 2 == 0, "zkrelu_round: a time bit is left");
  device_->activate();
  fold_now(tables_of(state));
  const auto at = [&](const FrHandle& handle) -> const Element* { return handle ? entries(*handle) : nullptr; };
  std::vector<ZkReluPart> parts;
  ZkReluJob job{};
  for (std::size_t kind = 0; kind < kZkReluKinds; ++kind) {
    job.begin[kind] = static_cast<unsigned>(parts.size());
    for (const ZkReluState::Weight& weight : state.weights[kind]) {
      parts.push_back({at(weight.features), at(state.times[weight.time])});
    }
  }
  job.begin[kZkReluKinds] = static_cast<unsigned>(parts.size());
  const auto device_parts = copy_to<ZkReluPart>(device_, parts.data(), parts.size(), "zkrelu_round");
  job.parts = device_parts.data();
  job.features = state.features;
  job.pairs = state.length / 2;
  job.m = at(state.m), job.v = at(state.v), job.r = at(state.r), job.g = at(state.g), job.h = at(state.h);
  job.theta = element(state.theta);
  job.two_r = element(state.two_r);
  job.half_r = element(state.half_r);
  job.two_v = element(state.two_v);
  job.g_offset = element(state.g_offset);
  job.gl_scale = element(state.gl_scale);
  launch_zkrelu_round(job, device_->reduction(), device_->stream());
  const std::span<const Element> sums = device_->results(3, "zkrelu_round");
  return {field(sums[0]), field(sums[1]), field(sums[2])};
}

// Rows have even length, so that pairs of a whole column are pairs of its rows.
void CudaBackend::zkrelu_fold(ZkReluState& state, const Fr& r) {
  TRAINPROOF_INVARIANT(state.length % 2 == 0, "zkrelu_fold: a time bit is left");
  for (FrHandle* column : {&state.m, &state.v, &state.r, &state.g, &state.h}) {
    if (*column) fold(**column, r);
  }
  for (FrHandle& time : state.times) fold(*time, r);
  state.length /= 2;
}

}  // namespace trainproof::cuda
