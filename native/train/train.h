// Exact fixed-point SGD on a ReLU network (PROTOCOL §4): one segment, from batch data and weights to its trace.
#ifndef TRAINPROOF_TRAIN_TRAIN_H_
#define TRAINPROOF_TRAIN_TRAIN_H_

#include <cstdint>
#include <span>
#include <vector>

#include "backend/training.h"
#include "statement/statement.h"
#include "trace/trace.h"
#include "util/job.h"

namespace trainproof {

struct StepReport {
  double loss = 0;              // mean over the batch of ½‖z_L − y‖², in real units
  std::uint64_t correct = 0;    // samples whose largest output is where the largest label is (the first, on a tie)
  // How far the step went into its ranges: max |z_l| for l = 1 … L, of 2^(b·dv); max |g_l|, before ReLU's mask, for
  // l = 1 … L − 1, of 2^(b·dg − 1).
  std::vector<std::uint64_t> largest_pre_activations;
  std::vector<std::uint64_t> largest_gradients;
};

struct TrainedSegment {
  Trace trace;
  std::vector<StepReport> steps;  // T of them
};

// Trains the statement's T steps; the trace stays where `backend` computes. `batch`: TB rows of n_0 features then n_L labels, row
// c = t·B + i the sample scheduled there; `sent`: what send_batch made of it, if it was sent before. `weights_in`: |W| entries by
// linear address (PROTOCOL §7). statement.weights_out is not looked at.
// Throws InvalidArgument for wrong lengths; OutOfRange when a feature, a label or an input weight exceeds the
// statement's bounds or when training leaves its ranges, saying where, by how much and what to change;
// Cancelled through the job. Reports phase "train".
TrainedSegment train_segment(const Statement& statement, const Shape& shape, TrainingBackend& backend,
                             std::span<const std::int32_t> batch, std::span<const std::int64_t> weights_in,
                             Job& job, const IntHandle& sent = nullptr);
// The same from where a trace of a network of these widths ended: its weights_out.
TrainedSegment train_segment(const Statement& statement, const Shape& shape, TrainingBackend& backend,
                             std::span<const std::int32_t> batch, const IntHandle& weights_in, Job& job,
                             const IntHandle& sent = nullptr);

// Bytes that train_segment allocates at its peak on the CPU, the trace included.
std::uint64_t training_bytes(const Shape& shape);

}  // namespace trainproof

#endif  // TRAINPROOF_TRAIN_TRAIN_H_
