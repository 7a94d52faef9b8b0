#pragma once
// Command: everything that a person can tell the engine to do, one struct each.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/labels.hpp"
#include "base/time.hpp"
#include "core/verdict.hpp"

namespace tocsin::core {

// Commands. Every one has an incident but Declare and those of maintenance.
struct Acknowledge {};
struct Close {
    std::string cause, fix, force;
};  // force: the reason, empty for none
struct Decline {
    std::string reason;
};
struct Note {
    std::string text;
};
struct ChangeSeverity {
    Severity severity = Severity::none;
    std::string reason;
};
struct TakeLead {
    std::string person;
};
struct Declare {
    std::string title;
    Severity severity = Severity::none;
    Labels labels;
};
struct Involve {
    std::string person;  // a person, a team, `owner:FEATURE` or a contact
};
struct Publish {
    std::string message;  // empty: the draft
    std::string status;   // investigating, identified, monitoring, resolved
};
struct SetBanner {
    bool on = false;
    std::string text;  // empty: the generic one
};
struct AskComms {
    std::string text;  // what marketing is asked for; may be empty
};
struct StartMonitoring {
    std::string text;
};
struct Reopen {
    std::string reason;
};
struct Merge {
    std::uint64_t into = 0;
};
struct Skip {
    std::string reason;
};
struct PlanMaintenance {
    std::string name;
    Instant from;
    Instant to;
    Labels match;
    std::vector<std::string> rules;
    std::string announcement;
};
struct EndMaintenance {
    std::string name;
};
using Command = std::variant<Acknowledge, Close, Decline, Note, ChangeSeverity, TakeLead, Declare,
                             Involve, Publish, SetBanner, AskComms, StartMonitoring, Reopen, Merge,
                             Skip, PlanMaintenance, EndMaintenance>;

}  // namespace tocsin::core
