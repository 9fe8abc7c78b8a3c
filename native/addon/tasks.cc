// Operations that run off the event loop.
#include <string>

#include "addon/arguments.h"
#include "addon/library.h"
#include "addon/operations.h"
#include "addon/task.h"
#include "addon/trace_handle.h"
#include "prover/commitments.h"
#include "prover/memory.h"
#include "prover/prover.h"
#include "statement/schedule.h"
#include "statement/statement.h"
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

// Refused before the start, with the figure.
void require_device_memory(const char* operation, std::uint64_t predicted) {
  const std::optional<std::uint64_t> limit = device_memory_limit();
  if (!limit || predicted <= *limit) return;
  throw OutOfMemoryLimit(std::string(operation) + " will need about " + mebibytes(predicted) + " of device memory, " +
                         device_name() + " has " + mebibytes(*limit) +
                         " free; shorten the segment (tau) or use --device cpu");
}

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
  const std::shared_ptr<Backend> backend = proving_backend();
  return start_task(info.Env(), info[5], info[6], [input, backend](Job& job) -> Finish {
    auto points = std::make_shared<std::vector<AffinePoint>>(trainproof::commit_samples(
        *backend, input->rows, input->columns, input->first_index, input->secret.view(), job));
    return [points](Napi::Env env) { return make_points(env, *points); };
  });
}

// commitWeights(statement, weights, job)
Napi::Value commit_weights(const Napi::CallbackInfo& info) {
  struct Input {
    Statement statement;
    UnsetSecretVector<std::int64_t> weights;
  };
  const auto input = std::make_shared<const Input>(
      Input{Statement::parse(read_bytes(info[0], "statement")), read_int64s(info[1], "weights")});
  const std::shared_ptr<Backend> backend = proving_backend();
  return start_task(info.Env(), info[2], info.Env().Undefined(), [input, backend](Job& job) -> Finish {
    SystemRandom random;
    auto rows = std::make_shared<CommittedRows>(
        trainproof::commit_weights(*backend, Shape(input->statement), input->weights, random, job));
    return [rows](Napi::Env env) { return make_committed_rows(env, *rows); };
  });
}

// train(statement, batch, weightsIn, job, onProgress?, memoryLimit?)
Napi::Value train(const Napi::CallbackInfo& info) {
  struct Input {
    Statement statement;
    UnsetSecretVector<std::int32_t> batch;
    UnsetSecretVector<std::int64_t> weights_in;
  };
  const auto input = std::make_shared<const Input>(Input{Statement::parse(read_bytes(info[0], "statement")),
                                                         read_int32s(info[1], "batch"),
                                                         read_int64s(info[2], "weightsIn")});
  require_memory("training", training_bytes(Shape(input->statement)),
                 read_optional_integer(info[5], "memoryLimit", 0, kMaxInteger));
  const std::shared_ptr<TrainingBackend> backend = training_backend();
  require_device_memory("training", device_training_bytes(Shape(input->statement)));
  return start_task(info.Env(), info[3], info[4], [input, backend](Job& job) -> Finish {
    auto segment = std::make_shared<TrainedSegment>(train_segment(input->statement, Shape(input->statement),
                                                                  *backend, input->batch,
                                                                  input->weights_in, job));
    return [segment](Napi::Env env) -> Napi::Value {
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
      out.Set("weightsOut", make_integers<std::int64_t>(env, trace->weights_out));
      out.Set("loss", loss);
      out.Set("correct", correct);
      out.Set("largestPreActivations", make_magnitudes(env, steps, &StepReport::largest_pre_activations));
      out.Set("largestGradients", make_magnitudes(env, steps, &StepReport::largest_gradients));
      return out;
    };
  });
}

// prove({ statement, trace, key, nonce, samplePoints, weightsIn?, weightsOut, memoryLimit? }, job, onProgress?)
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
  require_memory("proving", proving_bytes(Shape(input->statement)),
                 read_optional_integer(object.Get("memoryLimit"), "memoryLimit", 0, kMaxInteger));
  const std::shared_ptr<Backend> backend = proving_backend();
  require_device_memory("proving", device_proving_bytes(Shape(input->statement)));
  return start_task(info.Env(), info[1], info[2], [input, backend](Job& job) -> Finish {
    const SecretVector<Fr> blindings =
        sample_blindings(input->secret.view(), segment_schedule(input->statement));
    SystemRandom random;
    auto proof = std::make_shared<std::vector<std::uint8_t>>(
        prove_segment({input->statement, *input->trace, input->sample_points, blindings,
                       input->weights_in ? &*input->weights_in : nullptr, input->weights_out},
                      *backend, random, job));
    return [proof](Napi::Env env) { return make_bytes(env, *proof); };
  });
}

}  // namespace trainproof::addon
