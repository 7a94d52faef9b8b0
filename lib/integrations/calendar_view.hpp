#pragma once
// The invitation to the analysis meeting as an iCalendar file (RFC 5545; handbook H-64, H-65).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "core/roster.hpp"
#include "integrations/dossier.hpp"

namespace tocsin::integrations {

struct Guest {
    std::string name;
    std::string email;
    bool operator==(const Guest&) const = default;
};

struct Meeting {
    std::string uid;  // stable: a calendar that has it already changes it in place
    int sequence = 0;
    Instant stamp;
    Instant from;
    Instant until;
    std::string title;
    std::string description;
    std::string url;                 // of the incident; may be empty
    std::optional<Guest> organizer;  // who raised it; the `analysis` contact once handed over
    std::vector<Guest> guests;       // those with an address, bounded by limits::guests_max
};

/// The meeting that follows a closed incident. Guests are its lead, the people involved, whoever
/// wrote on its timeline, and the `analysis` contact. `not_found` with a sentence while the
/// incident is open, when the analysis was skipped, or when no meeting is planned.
[[nodiscard]] Result<Meeting> meeting_of(const Dossier& dossier, const core::Roster& roster,
                                         std::string_view instance, std::string_view install_id,
                                         std::string_view public_url);

/// One VCALENDAR with one VEVENT: CRLF, lines folded at 75 octets between code points, UTC times.
[[nodiscard]] std::string calendar(const Meeting& meeting);

}  // namespace tocsin::integrations
