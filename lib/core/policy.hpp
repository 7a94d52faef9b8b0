#pragma once
// Policy: who is paged, reminded and told for which severity; the part of tocsin.yaml that decides.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/labels.hpp"
#include "base/time.hpp"
#include "core/calendar.hpp"
#include "core/roster.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

enum class PageWhen : std::uint8_t { by_severity, always, never, working_hours };

struct SeverityPolicy {
    PageWhen page = PageWhen::always;
    bool communicate = false;
    std::optional<Duration> update_every;        // asked for a word after so long without one
    std::optional<Duration> ask_to_raise_after;  // the lead; raised by itself if nobody answered
    std::optional<Duration> remind_after;        // still open after so long
    PageWhen notify = PageWhen::always;          // owners and involved people, without a page
    bool operator==(const SeverityPolicy&) const = default;
};

/// How an integration takes pages: by itself (a service with its own on-call), to a person, or
/// nobody is reached (a file).
enum class Reach : std::uint8_t { nobody, service, person };

struct Pager {
    std::string integration;
    Reach reach = Reach::nobody;
    Address address = Address::none;  // reach person: what it needs of one
    bool can_confirm = false;         // reach service: PageConfirmed will tell
    bool operator==(const Pager&) const = default;
};

/// A maintenance window of tocsin.yaml; a recurring one has one interval per occurrence.
struct PlannedWindow {
    std::string name;
    Calendar occurrences;
    Labels match;                    // of the signal; `component` also of the rule
    std::vector<std::string> rules;  // empty: all
    std::string announcement;
    std::string by;
    bool operator==(const PlannedWindow&) const = default;
};

/// After `monitoring`: look every so often, propose closing after that many clean looks.
struct Recheck {
    Duration every = minutes(15);
    std::uint32_t clean = 4;
};

struct Policy {
    std::string instance = "tocsin";
    std::string public_url;  // for links; may be empty
    SeverityPolicy minor{PageWhen::never, false, {}, {}, hours(72), PageWhen::working_hours};
    SeverityPolicy major{PageWhen::always, false, minutes(30), minutes(60), {}};
    SeverityPolicy critical{PageWhen::always, true, minutes(30), {}, {}};
    std::vector<Pager> pagers;          // use.page, in order: each next one is the fallback
    std::vector<std::string> announce;  // use.announce
    Duration unreachable_after = seconds(30);
    Duration confirm_within = seconds(90);
    Duration fallback_after = minutes(15);
    Duration repeat = minutes(5);
    Duration ask_again_after = minutes(60);  // acknowledged and then silent: paged anew
    Duration reopen_within = minutes(10);
    Recheck recheck;
    Duration remind_communication_every = minutes(15);
    std::string call_url;
    std::string status_page_url;  // where customers read; linked from the banner
    std::string status_page;      // integration that publishes; empty: none can yet
    std::string banner;           // integration that shows the banner; empty: none can yet
    Calendar working_hours;       // empty: always
    std::vector<PlannedWindow> maintenance;

    [[nodiscard]] const SeverityPolicy& of(Severity severity) const;
};

}  // namespace tocsin::core
