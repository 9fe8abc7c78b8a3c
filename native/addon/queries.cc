// Operations that answer at once.
#include <fstream>
#include <string>

#include "addon/arguments.h"
#include "addon/library.h"
#include "addon/operations.h"
#include "backend/cpu/cpu_backend.h"
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

Statement read_statement(const Napi::Value& value) { return Statement::parse(read_bytes(value, "statement")); }

}  // namespace

Napi::Value info(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Napi::Object out = Napi::Object::New(env);
  out.Set("version", TRAINPROOF_VERSION);
  out.Set("backend", "cpu");
  out.Set("threads", static_cast<double>(thread_count()));
  out.Set("cpu", cpu_model());
  return out;
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
    throw InvalidArgument("the statement starts from a commitment (startKind 1), not from a seed");
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
