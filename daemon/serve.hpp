#pragma once
// `tocsin serve`: the daemon.

#include <string>

namespace tocsin::daemon {

/// Runs until a signal; 0: stopped in order, 1: could not start, or the store failed for good.
[[nodiscard]] int serve(const std::string& config_path);

}  // namespace tocsin::daemon
