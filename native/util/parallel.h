// Loops over all cores.
#ifndef TRAINPROOF_UTIL_PARALLEL_H_
#define TRAINPROOF_UTIL_PARALLEL_H_

#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace trainproof {

// Threads that loops run on from now on, the caller's included. At least 1; the default is the hardware's number.
void set_thread_count(unsigned count);
unsigned thread_count();

namespace detail {

using LoopBody = void (*)(void* context, std::size_t begin, std::size_t end);
void run_loop(std::size_t begin, std::size_t end, std::size_t grain, LoopBody body, void* context);

}  // namespace detail

// body(first, last) over disjoint chunks that make up [begin, end), in no order, each of at least `grain` indices but
// the last. Returns when all are done; the first exception is thrown on, chunks not begun are then left out. A
// loop inside a loop's body runs on its thread.
template <class Body>
void parallel_for(std::size_t begin, std::size_t end, std::size_t grain, Body&& body) {
  if (begin >= end) return;
  using Callable = std::remove_reference_t<Body>;
  detail::run_loop(
      begin, end, grain,
      [](void* context, std::size_t first, std::size_t last) { (*static_cast<Callable*>(context))(first, last); },
      const_cast<std::remove_const_t<Callable>*>(&body));
}

// to[i] = from[i]. One thread does not read and write memory as fast as it can be.
template <class From, class To>
void parallel_copy(const From* from, std::size_t count, To* to) {
  parallel_for(0, count, std::size_t{1} << 16,
               [&](std::size_t begin, std::size_t end) { std::copy_n(from + begin, end - begin, to + begin); });
}

}  // namespace trainproof

#endif  // TRAINPROOF_UTIL_PARALLEL_H_
