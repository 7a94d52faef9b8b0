#pragma once
// Paging: who is asked for an incident, again and with fallbacks, until somebody acknowledges.

#include <optional>
#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// Pages for the incident's current severity through the first pager: now, at working hours, or
/// never, as its rule or else its severity says (handbook H-21, H-28, B15). Unsent pages of a lower
/// severity are dropped. `text` says what happened.
void start_paging(Draft& draft, Incident& incident, const std::string& text);

/// Acknowledged and then silent: the acknowledged pages of the current severity are opened again
/// and ordered anew, from the first level on, until the next acknowledgement. The incident's own
/// `acknowledged_at` stays. Nothing happens if its policy pages nobody.
void page_again(Draft& draft, Incident& incident, const std::string& text);

/// Repeats pages, and asks the next level, round or pager that is due (design §5 "Pages").
void continue_paging(Draft& draft, Incident& incident);
/// The incident is open.
[[nodiscard]] std::optional<Instant> paging_due(const Ruleset& rules, const Incident& incident);

/// The on-call file may have changed: whoever is on call by it now is asked about what is
/// unanswered.
void carry_over_pages(Draft& draft);

/// Somebody is being asked about its present severity, or will be at working hours.
[[nodiscard]] bool is_paging(const Incident& incident);

/// A page was accepted, or refused for good: the older severity's page is resolved, or the
/// fallback is asked now.
void page_accepted(Draft& draft, Incident& incident, const Delivery& delivery);
void page_refused(Draft& draft, Incident& incident, const Delivery& delivery);

/// A service pager shows our key.
void page_confirmed(Draft& draft, const PageConfirmed& confirmed);

/// Somebody has it: every open page is told, unsent ones are dropped.
void acknowledge_pages(Draft& draft, Incident& incident, const std::string& text);
/// It is over: every page of every severity is resolved, unsent ones are dropped.
void resolve_pages(Draft& draft, Incident& incident, const std::string& text);

/// The rule's own `page`, else its severity's.
[[nodiscard]] PageWhen page_when(const Policy& policy, const Incident& incident);

/// Tells the announcing integrations.
void announce(Draft& draft, const Incident& incident, const std::string& text);

}  // namespace tocsin::core
