#pragma once
// The JSON that tocsin's HTTP API shows of maintenance windows (design §3).

#include <string>
#include <vector>

#include "core/policy.hpp"
#include "core/window.hpp"
#include "integrations/json.hpp"

namespace tocsin::integrations {

/// `name`, `from`, `to`, `match`, `rules`, …, `recurring`: whether tocsin.yaml has it more than
/// once.
[[nodiscard]] Json view(const core::Window& window, const core::Policy& policy);
/// `{"maintenance":[…]}`, in the order given.
[[nodiscard]] std::string windows_json(const std::vector<core::Window>& windows,
                                       const core::Policy& policy);

}  // namespace tocsin::integrations
