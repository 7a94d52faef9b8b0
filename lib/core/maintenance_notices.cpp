// The sentences about a window, and who hears them.
#include "core/maintenance_notices.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "core/notices.hpp"

namespace tocsin::core {
namespace {

void add_once(std::vector<std::string>& to, const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        if (std::find(to.begin(), to.end(), name) == to.end()) to.push_back(name);
    }
}

std::vector<std::string> hearers(const Draft& draft, const Window& window) {
    const Roster& roster = draft.rules().roster;
    std::vector<std::string> names = roster.on_call(draft.now());
    const std::string_view component = window.match.get("component");
    if (!component.empty()) {
        add_once(names, roster.resolve("owner:" + std::string(component), draft.now()));
    }
    if (roster.find(window.by) != nullptr) add_once(names, {window.by});
    return names;
}

// `2026-03-01 02:00 UTC`
std::string utc(Instant at) {
    std::string text = format_rfc3339(at).substr(0, 16);
    text[10] = ' ';
    return text + " UTC";
}

std::string scope(const Window& window) {
    std::string text =
        window.match.empty() ? "every signal" : "what is " + window.match.to_string();
    if (!window.rules.empty()) text += " under the rules " + join(window.rules, ", ");
    return text;
}

std::string announcement(const Window& window) {
    if (!window.announcement.empty()) return "; announced at " + window.announcement;
    return "; it is not announced yet: \"Planning some maintenance? Check the announcements "
           "section\", and plan it with the link";
}

std::string planned_by(const Window& window) {
    return window.by.empty() ? "" : " by " + window.by;
}

void tell(Draft& draft, const Window& window, const std::string& what, const std::string& more) {
    const std::string title = "Maintenance " + window.name + " " + what;
    notify_outside(draft, hearers(draft, window), title, title + more, true);
}

std::string suppressed(const Window& window) {
    if (window.suppressed == 0) return ": no signal was suppressed";
    const std::string count = std::to_string(window.suppressed);
    std::string text = window.suppressed == 1 ? ": 1 signal was suppressed ("
                                              : ": " + count + " signals were suppressed (";
    text += join(window.suppressed_signals, "; ");
    const std::uint64_t unlisted = window.suppressed - window.suppressed_signals.size();
    if (unlisted > 0) text += "; and " + std::to_string(unlisted) + " more";
    text += "), ";
    return text + (window.outlived == 0 ? "none" : std::to_string(window.outlived)) +
           " of them outlived it";
}

}  // namespace

void tell_planned(Draft& draft, const Window& window) {
    tell(draft, window, "is planned",
         planned_by(window) + " from " + utc(window.from) + " to " + utc(window.to) + ", for " +
             scope(window) + announcement(window));
}

void tell_near(Draft& draft, const Window& window) {
    tell(draft, window, "begins at " + utc(window.from),
         " and lasts until " + utc(window.to) + ", for " + scope(window) + announcement(window));
}

void tell_begun(Draft& draft, const Window& window) {
    tell(draft, window, "has begun",
         ": until " + utc(window.to) + ", " + scope(window) + " declares nothing" +
             announcement(window));
}

void tell_ended(Draft& draft, const Window& window) {
    tell(draft, window, "is over",
         (window.ended_by.empty() ? "" : ", ended by " + window.ended_by) + suppressed(window));
}

void tell_cancelled(Draft& draft, const Window& window) {
    tell(draft, window, "is cancelled", " by " + window.ended_by);
}

}  // namespace tocsin::core
