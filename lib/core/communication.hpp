#pragma once
// Communication: what customers are told, by whom it is asked, and until when (handbook §4.4).

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"
#include "core/ladder.hpp"

namespace tocsin::core {

/// What customers may read of it: the rule's `draft:`, else the incident's title in plain words. Of
/// a private incident without a `draft:` only that there is one.
[[nodiscard]] std::string draft_for_customers(const Draft& draft, const Incident& incident,
                                              const Signal& signal, const Rule& rule,
                                              const Reading& reading);
/// The same for what a person has declared.
[[nodiscard]] std::string draft_for_customers(const Incident& incident);

/// Customers are to be told from now on (handbook H-50): its lead, else who is on call, gets the
/// draft, and marketing's name (H-43). Repeated calls change nothing, but that the banner is
/// offered once the incident is critical (H-52).
void communication_due(Draft& draft, std::uint64_t incident);
/// A step of the ladder asks for it: the draft says how things stand now.
void communication_due(Draft& draft, std::uint64_t incident, const Signal& signal, const Rule& rule,
                       const Reading& reading);

/// Asks again until a status page entry exists.
void remind_of_communication_if_due(Draft& draft, Incident& incident);
/// The incident is open.
[[nodiscard]] std::optional<Instant> communication_reminder_due(const Ruleset& rules,
                                                                const Incident& incident);

/// Command `statuspage` (H-51): an empty message is the draft, or a sentence that fits the status.
/// The same entry again changes nothing. Refusals: `bad_status`, `too_long`, `missing`.
void publish(Draft& draft, Incident& incident, const std::string& by, const Publish& wish);

/// Command `comms` (H-56): marketing is told and joins; customers are never mailed from here.
void ask_comms(Draft& draft, Incident& incident, const std::string& by, const AskComms& wish);

/// What customers still read although it should be over (H-63): `the banner is still on`; nullopt
/// when nothing is left.
[[nodiscard]] std::optional<std::string> still_told(const Incident& incident);
/// It has ended, and something is left: its lead is told how to take it back.
void remind_of_what_is_left(Draft& draft, const Incident& incident);

}  // namespace tocsin::core
