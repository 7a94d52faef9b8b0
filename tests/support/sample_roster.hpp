#pragma once
// The people that the tests of the engine share: three engineers in shifts, and two of infra.

#include "core/roster.hpp"

namespace tocsin::core::testing {

/// As the handbook has it (H-71, H-72): engineer-a 08-16, engineer-b 16-24 and engineer-c 00-08 UTC
/// on the schedule first-line; level 1 is who is on shift, level 2 the other two, level 3 team
/// infra (engineer-d, engineer-e), each with a wait of five minutes. Everybody has every address.
/// Shifts are known from a week before `start_of_time()` until a year after it.
Roster sample_roster();

}  // namespace tocsin::core::testing
