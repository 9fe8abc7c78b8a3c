#include "backend/cuda/staging.h"

#include <algorithm>
#include <cstring>

#include "backend/cuda/check.h"
#include "backend/cuda/launch.h"
#include "util/secret.h"

namespace trainproof::cuda {

Staging::~Staging() {
  for (const Piece& piece : pieces_) {
    if (piece.data != nullptr) {
      wipe_bytes(piece.data, piece_bytes_);
      static_cast<void>(cudaFreeHost(piece.data));
    }
    if (piece.done != nullptr) static_cast<void>(cudaEventDestroy(piece.done));
  }
}

void Staging::reserve(const char* operation) {
  for (Piece& piece : pieces_) {
    if (piece.data == nullptr) check(cudaMallocHost(reinterpret_cast<void**>(&piece.data), piece_bytes_), operation);
    if (piece.done == nullptr) check(cudaEventCreateWithFlags(&piece.done, cudaEventDisableTiming), operation);
  }
}

void Staging::to_device(void* to, const void* from, std::size_t bytes, const char* operation) {
  if (is_small(bytes)) return copy_bytes(to, from, bytes, cudaMemcpyHostToDevice, stream_, operation);
  const std::lock_guard lock(mutex_);
  reserve(operation);
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  for (std::size_t at = 0, turn = 0; at < bytes; at += piece_bytes_, ++turn) {
    const Piece& piece = pieces_[turn % 2];
    const std::size_t size = std::min(piece_bytes_, bytes - at);
    // What it was last used for, in this copy or one before it. An event that was never recorded is over.
    check(cudaEventSynchronize(piece.done), operation);
    std::memcpy(piece.data, in + at, size);
    copy_bytes(out + at, piece.data, size, cudaMemcpyHostToDevice, stream_, operation);
    check(cudaEventRecord(piece.done, stream_), operation);
  }
}

void Staging::to_host(void* to, const void* from, std::size_t bytes, const char* operation) {
  if (is_small(bytes)) {
    copy_bytes(to, from, bytes, cudaMemcpyDeviceToHost, stream_, operation);
    return check(cudaStreamSynchronize(stream_), operation);
  }
  const std::lock_guard lock(mutex_);
  reserve(operation);
  auto* out = static_cast<unsigned char*>(to);
  const auto* in = static_cast<const unsigned char*>(from);
  const std::size_t turns = (bytes + piece_bytes_ - 1) / piece_bytes_;
  const auto size_of = [&](std::size_t turn) { return std::min(piece_bytes_, bytes - turn * piece_bytes_); };
  // A piece is emptied while the next one fills; copies of one stream come in order, so that one before is done with it.
  for (std::size_t turn = 0; turn <= turns; ++turn) {
    if (turn < turns) {
      const Piece& piece = pieces_[turn % 2];
      copy_bytes(piece.data, in + turn * piece_bytes_, size_of(turn), cudaMemcpyDeviceToHost, stream_, operation);
      check(cudaEventRecord(piece.done, stream_), operation);
    }
    if (turn > 0) {
      const Piece& piece = pieces_[(turn - 1) % 2];
      check(cudaEventSynchronize(piece.done), operation);
      std::memcpy(out + (turn - 1) * piece_bytes_, piece.data, size_of(turn - 1));
    }
  }
}

}  // namespace trainproof::cuda
