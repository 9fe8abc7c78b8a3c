#include "util/job.h"

#include "util/error.h"

namespace trainproof {

void Job::phase(std::string_view name, double fraction) {
  if (progress_) progress_(name, fraction);
}

void Job::check() const {
  if (cancelled()) throw Cancelled();
}

}  // namespace trainproof
