#pragma once
// Who is on call, as text for a terminal: now, over a span, and as a hand-over note.

#include <string>

#include "integrations/json.hpp"

namespace tocsin::daemon {

/// Whole; `oncall` is the answer of /api/v1/oncall in all of these.
[[nodiscard]] std::string oncall_text(const integrations::Json& oncall);
/// One line: who, until when, and who comes next.
[[nodiscard]] std::string on_call_line(const integrations::Json& oncall);
/// Who hands over to whom when, and what is open (`{"incidents":[…]}`).
[[nodiscard]] std::string handover_text(const integrations::Json& oncall,
                                        const integrations::Json& open);

}  // namespace tocsin::daemon
