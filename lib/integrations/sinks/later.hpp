#pragma once
// Kinds of integrations whose settings are fixed, but whose adapters come with a later version.

#include "integrations/registry.hpp"

namespace tocsin::integrations {

[[nodiscard]] IntegrationKind slack_kind();
[[nodiscard]] IntegrationKind incident_io_kind();
[[nodiscard]] IntegrationKind statuspage_kind();
[[nodiscard]] IntegrationKind posthog_flag_kind();

}  // namespace tocsin::integrations
