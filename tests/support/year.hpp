#pragma once
// A year of one team, lived in simulated time by the engine, with a checker beside it all the time.

#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::year {

/// What goes wrong in the program on purpose, once, so that it can be seen that the checker sees.
enum class Sabotage : std::uint8_t {
    none,
    lost_page,          // an ordered page never reaches the outbox
    lost_timers,        // nothing wakes the engine for two hours
    doubled_reminder,   // a reminder is said twice
    lost_reminder,      // a reminder is never said
    lost_answer,        // an acknowledgement is accepted and forgotten
    harmless_declared,  // what is no incident is taken for one
    missed_alert,       // an alert is accepted and forgotten
    severity_falls,     // without anybody's word
    key_repeated,       // an effect goes out under a key that was used before
};
inline constexpr Sabotage sabotages[] = {
    Sabotage::lost_page,     Sabotage::lost_timers,    Sabotage::doubled_reminder,
    Sabotage::lost_reminder, Sabotage::lost_answer,    Sabotage::harmless_declared,
    Sabotage::missed_alert,  Sabotage::severity_falls, Sabotage::key_repeated};
[[nodiscard]] std::string name(Sabotage sabotage);

struct Options {
    std::uint64_t seed = 0;
    int days = 365;
    bool restarts = true;  // the process ends and begins again now and then
    Sabotage sabotage = Sabotage::none;
};

struct Report {
    std::uint64_t digest = 0;  // of everything that was decided and ordered
    std::uint64_t steps = 0;
    std::uint64_t incidents = 0;
    std::uint64_t pages = 0;
    std::uint64_t reminders = 0;
    std::uint64_t answers = 0;          // acknowledgements by people
    bool sabotaged = false;             // the occasion for it has come
    std::vector<std::string> problems;  // what must never be, bounded
    std::vector<std::string> recent;    // what happened before the first of them
};

/// Deterministic: the same options give the same report.
[[nodiscard]] Report live(const Options& options);

}  // namespace tocsin::year
