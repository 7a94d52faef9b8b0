#pragma once
// What the tests of an incident's life ask of the world: its timeline, its notices, office hours.

#include <algorithm>
#include <string>
#include <vector>

#include "support/world.hpp"

namespace tocsin::core::testing {

/// Texts of the timeline entries with this word, oldest first.
inline std::vector<std::string> entries(const World& world, const std::string& what) {
    std::vector<std::string> texts;
    for (const TimelineEntry& entry : world.timeline) {
        if (entry.what == what) texts.push_back(entry.text);
    }
    return texts;
}

/// When an entry with this word was written, oldest first.
inline std::vector<Instant> instants(const World& world, const std::string& what) {
    std::vector<Instant> found;
    for (const TimelineEntry& entry : world.timeline) {
        if (entry.what == what) found.push_back(entry.at);
    }
    return found;
}

/// Texts of the notices to this person.
inline std::vector<std::string> notices(const World& world, const std::string& person) {
    std::vector<std::string> texts;
    for (const Effect& effect : world.effects) {
        if (effect.action == Action::notify && effect.person == person) {
            texts.push_back(effect.text);
        }
    }
    return texts;
}

inline bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

/// Monday to Friday, 09:00 to 18:00 UTC, for a year from the start of time (a Sunday) on.
inline Calendar office_hours() {
    Calendar calendar;
    for (int day = 0; day < 365; ++day) {
        const int weekday = day % 7;  // 0: Sunday
        if (weekday == 0 || weekday == 6) continue;
        const Instant midnight = start_of_time() + hours(24 * day);
        calendar.push_back({midnight + hours(9), midnight + hours(18)});
    }
    return calendar;
}

/// The World's policy with office hours.
inline Policy office_policy() {
    Policy policy = World::default_policy();
    policy.working_hours = office_hours();
    return policy;
}

}  // namespace tocsin::core::testing
