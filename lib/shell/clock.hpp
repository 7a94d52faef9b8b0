#pragma once
// Clock: the only place that asks the machine what time it is.

#include "base/time.hpp"

namespace tocsin::shell {

/// The machine's wall clock, which may jump.
[[nodiscard]] Instant wall_now();
/// Time since some fixed point in the past; never goes back, unaffected by settings of the clock.
[[nodiscard]] Duration steady_now();

}  // namespace tocsin::shell
