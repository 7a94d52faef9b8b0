#pragma once
// Policy: who is paged, reminded and told for which severity; the part of tocsin.yaml that decides.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

enum class PageWhen : std::uint8_t { by_severity, always, never, working_hours };

struct SeverityPolicy {
    PageWhen page = PageWhen::always;
    bool communicate = false;
    std::optional<Duration> update_every;
    std::optional<Duration> ask_to_raise_after;
    std::optional<Duration> remind_after;
    bool operator==(const SeverityPolicy&) const = default;
};

/// How an integration takes pages: by itself (a service with its own on-call), to a person, or
/// nobody is reached (a file).
enum class Reach : std::uint8_t { nobody, service, person };

struct Pager {
    std::string integration;
    Reach reach = Reach::nobody;
    bool operator==(const Pager&) const = default;
};

struct Policy {
    std::string instance = "tocsin";
    std::string public_url;  // for links; may be empty
    SeverityPolicy minor{PageWhen::never, false, {}, {}, hours(72)};
    SeverityPolicy major{PageWhen::always, false, minutes(30), minutes(60), {}};
    SeverityPolicy critical{PageWhen::always, true, minutes(30), {}, {}};
    std::vector<Pager> pagers;          // use.page, in order: each next one is the fallback
    std::vector<std::string> announce;  // use.announce
    Duration unreachable_after = seconds(30);
    Duration confirm_within = seconds(90);
    Duration fallback_after = minutes(15);
    Duration repeat = minutes(5);
    Duration reopen_within = minutes(10);
    std::string call_url;

    [[nodiscard]] const SeverityPolicy& of(Severity severity) const;
};

}  // namespace tocsin::core
