// Test-only, with the simulator: two devices where it offers one, and copies that come as late as streams and events allow. A program
// that links this stands before functions of the simulated runtime, which is a shared library.
//
// A launch on one device finds none of the other's memory, so that an access to it fails as one beyond any allocation does; what
// is put on a stream must be on the device that the thread has chosen. Copies through pinned memory run when something waits for them.
#ifndef TRAINPROOF_PROVER_TESTING_SIMULATED_DEVICES_H_
#define TRAINPROOF_PROVER_TESTING_SIMULATED_DEVICES_H_

#include <cstddef>

namespace trainproof::testing {

struct DeviceUse {
  std::size_t launches[2] = {};       // on each device
  std::size_t alternations = 0;       // launches that followed one of the other device
  std::size_t strangers = 0;          // streams used on another device than theirs
  std::size_t late_copies = 0;        // copies that waited
  std::size_t live_allocations = 0;
};

// Since the program began.
DeviceUse device_use();

}  // namespace trainproof::testing

#endif  // TRAINPROOF_PROVER_TESTING_SIMULATED_DEVICES_H_
