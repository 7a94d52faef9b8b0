#pragma once
// Communication: what customers are told, by whom it is asked, and until when (handbook §4.4).

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// Customers are to be told from now on (handbook H-50); repeated calls change nothing.
void communication_due(Draft& draft, std::uint64_t incident);

/// Asks again until a status page entry exists.
void remind_of_communication_if_due(Draft& draft, Incident& incident);
/// The incident is open.
[[nodiscard]] std::optional<Instant> communication_reminder_due(const Ruleset& rules,
                                                                const Incident& incident);

/// Commands `statuspage`, `banner` and `comms`, on an open incident.
void publish(Draft& draft, Incident& incident, const std::string& by, const Publish& wish);
void set_banner(Draft& draft, Incident& incident, const std::string& by, const SetBanner& wish);
void ask_comms(Draft& draft, Incident& incident, const std::string& by, const AskComms& wish);

}  // namespace tocsin::core
