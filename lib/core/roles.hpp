#pragma once
// Roles: who leads an incident, who is involved in it, who is told of a verdict (H-40 … H-47).

#include <string>

#include "core/draft.hpp"
#include "core/event.hpp"

namespace tocsin::core {

/// At declaring, raising and reopening: the people of the rule's `involve` join, and are told at
/// once or at working hours (the severity's `notify`). What pages nobody is told to who is on call.
void involve_by_rule(Draft& draft, Incident& incident);
/// Their notice has waited for working hours, and those have begun.
void tell_involved_if_due(Draft& draft, Incident& incident);

/// The rule's `tell`: informs owners of a verdict without a page, whatever its outcome. `title`
/// says what the signal is about, `key` which incident it would be.
void tell_of_verdict(Draft& draft, const Rule& rule, const Verdict& verdict,
                     const std::string& title, const std::string& key);

/// Leads from now on.
void set_lead(Draft& draft, Incident& incident, const std::string& person, const std::string& by);
/// A lead who owns the failing feature is asked to hand the lead over (handbook H-47).
void ask_to_hand_over(Draft& draft, const Incident& incident);

/// Command `involve`, on an open incident.
void involve(Draft& draft, Incident& incident, const std::string& by, const Involve& wish);

}  // namespace tocsin::core
