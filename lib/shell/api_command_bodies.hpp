#pragma once
// The JSON bodies of the human commands (design §3), each to a command of the core.

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "core/command.hpp"
#include "core/incident.hpp"
#include "integrations/json.hpp"

namespace tocsin::shell {

/// Reads a body that is an object. Errors name their field: `missing_field`, `bad_field`,
/// `bad_severity`. Members that no command knows are passed over.
using ReadCommand = Result<core::Command> (*)(const integrations::Json& body);

/// `{"title", "severity"?, "labels"?}`
[[nodiscard]] Result<core::Command> read_declare(const integrations::Json& body);
/// `{"name", "from"?, "to" | "for", "match"?, "rules"?, "announcement"?}`: a maintenance window,
/// from `now` on if nothing else is said. Times are RFC 3339, seconds may be left out.
[[nodiscard]] Result<core::Command> read_plan(const integrations::Json& body, Instant now);
/// Who gives the command: every one says so.
[[nodiscard]] Result<std::string> read_by(const integrations::Json& body);

/// The command on one incident that is called so in paths; null for none.
[[nodiscard]] ReadCommand command_named(std::string_view name);
/// `ack, close, …`, for the answer to a name that is none.
[[nodiscard]] std::string command_names();

}  // namespace tocsin::shell
