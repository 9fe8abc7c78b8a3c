// Operations that answer at once.
#include <fstream>
#include <string>

#include "addon/arguments.h"
#include "addon/library.h"
#include "addon/operations.h"
#include "backend/cuda/cuda.h"
#include "prover/memory.h"
#include "statement/initial_weights.h"
#include "statement/schedule.h"
#include "statement/statement.h"
#include "train/train.h"
#include "util/error.h"
#include "util/parallel.h"

namespace trainproof::addon {

namespace {

constexpr std::uint64_t kMaxThreads = 1024;

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

Napi::Object cuda_info(Napi::Env env) {
  const cuda::Availability found = cuda::availability();
  Napi::Array devices = Napi::Array::New(env, found.devices.size());
  for (std::uint32_t i = 0; i < found.devices.size(); ++i) {
    const cuda::DeviceInfo& from = found.devices[i];
    Napi::Object device = Napi::Object::New(env);
    device.Set("name", "cuda:" + std::to_string(from.index));
    device.Set("model", from.name);
    device.Set("computeCapability", from.compute_capability);
    device.Set("memoryBytes", static_cast<double>(from.memory_bytes));
    device.Set("multiprocessors", from.multiprocessors);
    devices.Set(i, device);
  }
  Napi::Object out = Napi::Object::New(env);
  out.Set("devices", devices);
  out.Set("runtime", found.runtime);
  out.Set("driver", found.driver);
  out.Set("reason", found.reason);
  return out;
}

Statement read_statement(const Napi::Value& value) { return Statement::parse(read_bytes(value, "statement")); }

}  // namespace

Napi::Value info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object out = Napi::Object::New(env);
  out.Set("version", TRAINPROOF_VERSION);
  const std::vector<std::string> chosen = device_names();
  Napi::Array devices = Napi::Array::New(env, chosen.size());
  std::string all;
  for (std::uint32_t i = 0; i < chosen.size(); ++i) {
    devices.Set(i, chosen[i]);
    all += (i == 0 ? "" : ",") + chosen[i];
  }
  out.Set("backend", all);
  out.Set("devices", devices);
  out.Set("threads", static_cast<double>(thread_count()));
  out.Set("cpu", cpu_model());
  out.Set("cuda", cuda_info(env));
  return out;
}

Napi::Value select_device(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw InvalidArgument("device must be a string");
  select_device(info[0].As<Napi::String>().Utf8Value());
  return info.Env().Undefined();
}

Napi::Value set_threads(const Napi::CallbackInfo& info) {
  set_thread_count(static_cast<unsigned>(read_integer(info[0], "threads", 1, kMaxThreads)));
  return info.Env().Undefined();
}

Napi::Value load_generators(const Napi::CallbackInfo& info) {
  load_generators(std::span<const std::uint8_t>(read_bytes(info[0], "generators")));
  return info.Env().Undefined();
}

Napi::Value schedule(const Napi::CallbackInfo& info) {
  const std::vector<std::uint64_t> indices = segment_schedule(read_statement(info[0]));
  return make_integers<std::uint64_t>(info.Env(), indices);
}

Napi::Value initial_weights(const Napi::CallbackInfo& info) {
  const Statement statement = read_statement(info[0]);
  if (statement.start_kind != StartKind::kSeed) {
    throw InvalidArgument("the statement starts from a commitment (startKind 1 or 2), not from a seed");
  }
  const std::vector<std::int64_t> weights =
      trainproof::initial_weights(statement.start, statement.R, Shape(statement));
  return make_integers<std::int64_t>(info.Env(), weights);
}

Napi::Value predict_memory(const Napi::CallbackInfo& info) {
  const Shape shape(read_statement(info[0]));
  Napi::Object out = Napi::Object::New(info.Env());
  out.Set("train", static_cast<double>(training_bytes(shape)));
  out.Set("prove", static_cast<double>(proving_bytes(shape)));
  return out;
}

}  // namespace trainproof::addon
