// Operations that run off the event loop.
#include <algorithm>
#include <initializer_list>
#include <string>

#include "addon/arguments.h"
#include "addon/handles.h"
#include "addon/library.h"
#include "addon/operations.h"
#include "addon/task.h"
#include "backend/cuda/cuda.h"
#include "prover/commitments.h"
#include "prover/memory.h"
#include "prover/prover.h"
#include "statement/schedule.h"
#include "statement/statement.h"
#include "train/batch.h"
#include "train/train.h"
#include "util/error.h"
#include "util/random.h"

namespace trainproof::addon {

namespace {

constexpr std::uint64_t kMaxInteger = (std::uint64_t{1} << 53) - 1;
constexpr std::uint64_t kMaxColumns = 8192;

std::string mebibytes(std::uint64_t bytes) { return std::to_string((bytes >> 20) + 1) + " MiB"; }

void require_memory(const char* operation, std::uint64_t predicted, std::optional<std::uint64_t> limit) {
  if (!limit || predicted <= *limit) return;
  throw OutOfMemoryLimit(std::string(operation) + " will need about " + mebibytes(predicted) +
                         ", the limit is " + mebibytes(*limit) +
                         "; shorten the segment (tau) or raise memoryLimit");
}

// Refused before the start, with the figures. `held`: bytes of the prediction that are on the device already.
void require_device_memory(const char* operation, const Device& device, std::uint64_t predicted, std::uint64_t held) {
  if (!device.is_gpu()) return;
  const std::uint64_t limit = cuda::memory_limit(*device.proving), used = cuda::memory_in_use(*device.proving);
  const std::uint64_t others = used - std::min(held, used);
  if (predicted + others <= limit) return;
  throw OutOfMemoryLimit(std::string(operation) + " will need about " + mebibytes(predicted) + " of device memory, and of the " +
                         mebibytes(limit) + " of " + device.name + " " + mebibytes(others) +
                         " are in use; shorten the segment (tau) or use --device cpu");
}

// Bytes of a segment's tensors that are on a GPU; null ones are none.
std::uint64_t bytes_on(const Device& device, std::initializer_list<IntHandle> tensors) {
  std::uint64_t bytes = 0;
  for (const IntHandle& tensor : tensors) {
    if (tensor && device.is_gpu() && cuda::is_on(*device.proving, *tensor)) bytes += tensor->bytes();
  }
  return bytes;
}

// Weights as an argument: the caller's, or where a segment's training ended.
struct Weights {
  UnsetSecretVector<std::int64_t> host;
  std::shared_ptr<const HeldWeights> held;

  Weights(const Napi::Value& value, const char* name, const Statement& statement) {
    if (value.IsTypedArray()) {
      host = read_int64s(value, name);
      return;
    }
    held = read_weights_handle(value, name);
    if (held->widths != statement.widths) {
      throw InvalidArgument(std::string(name) + " must be weights of the statement's widths, not of another network");
    }
  }
};

// A batch as an argument: the caller's rows, or some that were sent ahead.
struct BatchRows {
  UnsetSecretVector<std::int32_t> own;
  std::shared_ptr<const HeldBatch> held;

  BatchRows(const Napi::Value& value, const char* name, const Shape& shape) {
    if (value.IsTypedArray()) {
      own = read_int32s(value, name);
      return;
    }
    held = read_batch_handle(value, name);
    if (held->TB != shape.TB || held->width != shape.n[0] + shape.n[shape.L]) {
      throw InvalidArgument(std::string(name) + " must have been sent for a segment of the statement's shape, not of another");
    }
  }
  std::span<const std::int32_t> rows() const { return held ? held->rows : own; }
  IntHandle sent() const { return held ? held->sent : nullptr; }
};

struct OwnerSecret {
  SecretVector<std::uint8_t> key, nonce;

  SampleSecret view() const {
    return {std::span<const std::uint8_t, 32>(key.data(), 32), std::span<const std::uint8_t, 32>(nonce.data(), 32)};
  }
};

OwnerSecret read_owner_secret(const Napi::Value& key, const Napi::Value& nonce) {
  return {read_secret_bytes(key, "key", 32), read_secret_bytes(nonce, "nonce", 32)};
}

// A magnitude for each layer of each step, step by step.
Napi::Float64Array make_magnitudes(Napi::Env env, const std::vector<StepReport>& steps,
                                   std::vector<std::uint64_t> StepReport::*of) {
  const std::size_t layers = (steps.front().*of).size();
  auto out = Napi::Float64Array::New(env, steps.size() * layers);
  for (std::size_t t = 0; t < steps.size(); ++t) {
    for (std::size_t l = 0; l < layers; ++l) out[t * layers + l] = static_cast<double>((steps[t].*of)[l]);
  }
  return out;
}

}  // namespace

// commitSamples(rows, columns, firstIndex, key, nonce, job, onProgress?)
Napi::Value commit_samples(const Napi::CallbackInfo& info) {
  struct Input {
    UnsetSecretVector<std::int32_t> rows;
    std::size_t columns;
    std::uint64_t first_index;
    OwnerSecret secret;
  };
  const auto input = std::make_shared<const Input>(
      Input{read_int32s(info[0], "rows"), read_integer(info[1], "columns", 1, kMaxColumns),
            read_integer(info[2], "firstIndex", 0, kMaxInteger), read_owner_secret(info[3], info[4])});
  const Device on = device();
  return start_task(info.Env(), info[5], info[6], on.turn, [input, on](Job& job) -> Finish {
    auto points = std::make_shared<std::vector<AffinePoint>>(trainproof::commit_samples(
        *on.proving, input->rows, input->columns, input->first_index, input->secret.view(), job));
    return [points](Napi::Env env) { return make_points(env, *points); };
  });
}

// commitWeights(statement, weights, job)
Napi::Value commit_weights(const Napi::CallbackInfo& info) {
  struct Input {
    Statement statement;
    Weights weights;
  };
  Statement statement = Statement::parse(read_bytes(info[0], "statement"));
  Weights weights(info[1], "weights", statement);
  const auto input = std::make_shared<const Input>(Input{std::move(statement), std::move(weights)});
  const Device on = device();
  return start_task(info.Env(), info[2], info.Env().Undefined(), on.turn, [input, on](Job& job) -> Finish {
    SystemRandom random;
    const Shape shape(input->statement);
    auto rows = std::make_shared<CommittedRows>(
        input->weights.held
            ? trainproof::commit_weights(*on.proving, shape, input->weights.held->weights, random, job)
            : trainproof::commit_weights(*on.proving, shape, input->weights.host, random, job));
    return [rows](Napi::Env env) { return make_committed_rows(env, *rows); };
  });
}

// readWeights(weights, job): beside whatever runs
Napi::Value read_weights(const Napi::CallbackInfo& info) {
  const std::shared_ptr<const HeldWeights> held = read_weights_handle(info[0], "weights");
  return start_task(info.Env(), info[1], info.Env().Undefined(), nullptr, [held](Job&) -> Finish {
    auto weights = std::make_shared<UnsetSecretVector<std::int64_t>>(held->weights->size);
    held->weights->read(weights->data());
    return [weights](Napi::Env env) { return make_integers<std::int64_t>(env, *weights); };
  });
}

// sendBatch(statement, batch, job): beside whatever runs
Napi::Value send_batch(const Napi::CallbackInfo& info) {
  const Statement statement = Statement::parse(read_bytes(info[0], "statement"));
  const Shape shape(statement);
  const auto batch = std::make_shared<HeldBatch>(
      HeldBatch{read_int32s(info[1], "batch"), nullptr, shape.TB, shape.n[0] + shape.n[shape.L]});
  const Device on = device();
  return start_task(info.Env(), info[2], info.Env().Undefined(), nullptr, [batch, shape, on](Job&) -> Finish {
    batch->sent = trainproof::send_batch(shape, *on.training, batch->rows);
    return [batch](Napi::Env env) { return make_batch_handle(env, batch); };
  });
}

// train(statement, batch, weightsIn, job, onProgress?, memoryLimit?)
Napi::Value train(const Napi::CallbackInfo& info) {
  struct Input {
    Statement statement;
    BatchRows batch;
    Weights weights_in;
  };
  Statement statement = Statement::parse(read_bytes(info[0], "statement"));
  const Shape shape(statement);
  BatchRows batch(info[1], "batch", shape);
  Weights weights_in(info[2], "weightsIn", statement);
  const auto input = std::make_shared<const Input>(Input{std::move(statement), std::move(batch), std::move(weights_in)});
  const Device on = device();
  require_memory("training", on.is_gpu() ? host_bytes_beside_device(shape) : training_bytes(shape),
                 read_optional_integer(info[5], "memoryLimit", 0, kMaxInteger));
  return start_task(info.Env(), info[3], info[4], on.turn, [input, on, shape](Job& job) -> Finish {
    const std::shared_ptr<const HeldWeights>& held = input->weights_in.held;
    const IntHandle sent = input->batch.sent();
    require_device_memory("training", on, device_training_bytes(shape), bytes_on(on, {sent, held ? held->weights : nullptr}));
    const std::span<const std::int32_t> rows = input->batch.rows();
    auto segment = std::make_shared<TrainedSegment>(
        held ? train_segment(input->statement, shape, *on.training, rows, held->weights, job, sent)
             : train_segment(input->statement, shape, *on.training, rows, input->weights_in.host, job, sent));
    return [segment, input](Napi::Env env) -> Napi::Value {
      const auto trace = std::make_shared<const Trace>(std::move(segment->trace));
      const std::vector<StepReport>& steps = segment->steps;
      auto loss = Napi::Float64Array::New(env, steps.size());
      auto correct = Napi::Uint32Array::New(env, steps.size());
      for (std::size_t t = 0; t < steps.size(); ++t) {
        loss[t] = steps[t].loss;
        correct[t] = static_cast<std::uint32_t>(steps[t].correct);
      }
      Napi::Object out = Napi::Object::New(env);
      out.Set("trace", make_trace_handle(env, trace));
      out.Set("weights", make_weights_handle(env, std::make_shared<const HeldWeights>(
                                                      HeldWeights{trace->weights_out, input->statement.widths})));
      out.Set("loss", loss);
      out.Set("correct", correct);
      out.Set("largestPreActivations", make_magnitudes(env, steps, &StepReport::largest_pre_activations));
      out.Set("largestGradients", make_magnitudes(env, steps, &StepReport::largest_gradients));
      return out;
    };
  });
}

// prove({ statement, trace, key, nonce, samplePoints, weightsIn?, weightsOut, memoryLimit?, device? }, job, onProgress?)
Napi::Value prove(const Napi::CallbackInfo& info) {
  struct Input {
    Statement statement;
    std::shared_ptr<const Trace> trace;
    OwnerSecret secret;
    std::vector<AffinePoint> sample_points;
    std::optional<CommittedRows> weights_in;
    CommittedRows weights_out;
  };
  const Napi::Object object = read_object(info[0], "input");
  const Napi::Value weights_in = object.Get("weightsIn");
  const auto input = std::make_shared<const Input>(
      Input{Statement::parse(read_bytes(object.Get("statement"), "statement")),
            read_trace_handle(object.Get("trace"), "trace"),
            read_owner_secret(object.Get("key"), object.Get("nonce")),
            read_points(object.Get("samplePoints"), "samplePoints"),
            weights_in.IsUndefined() ? std::nullopt
                                     : std::make_optional(read_committed_rows(weights_in, "weightsIn")),
            read_committed_rows(object.Get("weightsOut"), "weightsOut")});
  const Device on = device(read_optional_integer(object.Get("device"), "device", 0, kMaxInteger).value_or(0));
  const Shape shape(input->statement);
  require_memory("proving", on.is_gpu() ? host_bytes_beside_device(shape) : proving_bytes(shape),
                 read_optional_integer(object.Get("memoryLimit"), "memoryLimit", 0, kMaxInteger));
  return start_task(info.Env(), info[1], info[2], on.turn, [input, on, shape](Job& job) -> Finish {
    const Trace& t = *input->trace;
    require_device_memory(
        "proving", on, device_proving_bytes(shape),
        bytes_on(on, {t.batch, t.digits, t.bits, t.activations, t.gradients, t.weights_in, t.weights_out}));
    const SecretVector<Fr> blindings =
        sample_blindings(input->secret.view(), segment_schedule(input->statement));
    SystemRandom random;
    auto proof = std::make_shared<std::vector<std::uint8_t>>(
        prove_segment({input->statement, t, input->sample_points, blindings,
                       input->weights_in ? &*input->weights_in : nullptr, input->weights_out},
                      *on.proving, random, job));
    return [proof](Napi::Env env) { return make_bytes(env, *proof); };
  });
}

}  // namespace trainproof::addon
