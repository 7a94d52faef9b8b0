#pragma once
// The API's answers as text for a terminal; nothing in them can move its cursor.

#include <string>

#include "integrations/json.hpp"

namespace tocsin::daemon {

[[nodiscard]] std::string incidents_text(const integrations::Json& answer);
[[nodiscard]] std::string incident_text(const integrations::Json& incident);
[[nodiscard]] std::string verdicts_text(const integrations::Json& answer);
/// One line after a command: `INC-7 closed, major: title`.
[[nodiscard]] std::string outcome_text(const integrations::Json& incident);

[[nodiscard]] std::string windows_text(const integrations::Json& answer);
/// One line after planning or ending a window: `Maintenance kafka-upgrade is planned, …`.
[[nodiscard]] std::string window_text(const integrations::Json& window);

}  // namespace tocsin::daemon
