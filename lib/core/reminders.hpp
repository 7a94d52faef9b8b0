#pragma once
// Reminders: who is asked for a word when an incident has had none (handbook H-27, H-29).

#include <optional>
#include <string>

#include "core/draft.hpp"

namespace tocsin::core {

/// A person has done something about it: every clock of this file starts anew.
void heard_from(Draft& draft, Incident& incident);

/// Orders what is due: a word asked of the lead of a major or critical incident (`update_every`),
/// an old minor one (`remind_after`, at working hours), whether to raise it
/// (`ask_to_raise_after`; raised by itself if nobody has acknowledged), and a page anew if an
/// acknowledged one has gone silent (`ask_again_after`).
void remind_if_due(Draft& draft, Incident& incident);
/// The incident is open. Nothing is due while it is in `monitoring`: its looks speak for it.
[[nodiscard]] std::optional<Instant> reminder_due(const Ruleset& rules, const Incident& incident);

}  // namespace tocsin::core
