// Compiles tocsin.yaml's own settings: addresses, tokens, severities, times, maintenance.
#include "config/compile_machine.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/secrets.hpp"
#include "config/urls.hpp"
#include "config/zones.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

std::string without_slash(std::string url) {
    while (url.ends_with('/')) url.pop_back();
    return url;
}

void check_url(const Located<std::string>& url, const schema::Reader& reader) {
    if (!url.given) return;
    if (const auto problem = url_problem(url.value)) reader.secret_error(url.at, *problem);
}

void check_positive(const Located<Duration>& duration, const std::string& name,
                    const schema::Reader& reader) {
    if (duration.value > Duration::zero()) return;
    reader.error(duration.at, "`" + name + "` must be more than 0s");
}

void compile_tokens(const MachineFile& file, const schema::Reader& reader, Config& config) {
    std::set<std::string> names;
    std::set<std::string> secrets;
    for (const TokenRow& row : file.auth.tokens) {
        if (!names.insert(row.name.value).second) {
            reader.error(row.name.at, "the token `" + row.name.value + "` stands here twice");
        }
        if (!row.token.empty() && !secrets.insert(row.token.reveal()).second) {
            reader.error(row.at, "two tokens have the same secret");
        }
        if (row.may.empty())
            reader.warning(row.at, "the token may do nothing", "say what in `may`");
        config.tokens.push_back({.name = row.name.value,
                                 .token = row.token,
                                 .may = row.may,
                                 .source = row.source.value});
    }
}

void compile_listen(const MachineFile& file, const schema::Reader& reader, Config& config) {
    config.listen = file.listen.value;
    config.allow_anonymous = file.allow_anonymous.value;
    const auto address = parse_listen(config.listen);
    if (!address) {
        reader.error(file.listen.at, "expected an address and a port such as 127.0.0.1:9120");
        return;
    }
    if (address->loopback || config.allow_anonymous || !config.tokens.empty()) return;
    reader.error(file.listen.at,
                 "anybody who can reach `" + config.listen +
                     "` could do anything: it is not "
                     "loopback, and there are no tokens",
                 "add `auth: {tokens: [...]}`, or say `allow_anonymous: true`");
}

core::SeverityPolicy policy_of(const SeverityRow& row) {
    return {.page = row.page,
            .communicate = row.communicate,
            .update_every = row.update_every,
            .ask_to_raise_after = row.ask_to_raise_after,
            .remind_after = row.remind_after,
            .notify = row.notify};
}

void compile_policy(const MachineFile& file, const schema::Reader& reader, core::Policy& policy) {
    policy.instance = file.instance;
    policy.public_url = without_slash(file.public_url.value);
    policy.minor = policy_of(file.severities.minor);
    policy.major = policy_of(file.severities.major);
    policy.critical = policy_of(file.severities.critical);
    policy.unreachable_after = file.paging.unreachable_after.value;
    policy.confirm_within = file.paging.confirm_within.value;
    policy.fallback_after = file.paging.fallback_after.value;
    policy.repeat = file.paging.repeat.value;
    policy.ask_again_after = file.paging.ask_again_after.value;
    policy.reopen_within = file.reopen_within.value;
    policy.recheck = {.every = file.recheck.every.value, .clean = file.recheck.clean.value};
    policy.call_url = file.call_url.value;
    policy.status_page_url = without_slash(file.status_page_url.value);
    check_url(file.public_url, reader);
    check_url(file.call_url, reader);
    check_url(file.status_page_url, reader);
    check_positive(file.recheck.every, "every", reader);
    if (policy.recheck.clean < 1) reader.error(file.recheck.clean.at, "`clean` must be 1 or more");
    check_positive(file.paging.unreachable_after, "unreachable_after", reader);
    check_positive(file.paging.confirm_within, "confirm_within", reader);
    check_positive(file.paging.fallback_after, "fallback_after", reader);
    check_positive(file.paging.repeat, "repeat", reader);
    check_positive(file.paging.ask_again_after, "ask_again_after", reader);
}

void compile_working_hours(const MachineFile& file, const schema::Reader& reader, Config& config) {
    if (!file.working_hours) return;
    const WorkingHoursBlock& block = file.working_hours->value;
    if (const auto problem = zone_problem(block.time_zone.value)) {
        reader.error(block.time_zone.at, *problem);
    }
    if (block.days.empty()) reader.error(file.working_hours->at, "no day is a working day");
    config.working_hours = {
        .days = block.days, .hours = block.hours, .time_zone = block.time_zone.value};
}

/// What is wrong with how often, and from when to when, the window is.
void check_times(const MaintenanceRow& row, const schema::Reader& reader) {
    const std::string& zone = row.time_zone.value;
    if (const auto problem = zone_problem(zone)) {
        reader.error(row.time_zone.at, *problem);
        return;
    }
    const Instant from = instant_of(row.from, zone);
    const Instant to = instant_of(row.to.value, zone);
    if (row.to.given && to <= from) {
        reader.error(row.to.at, "the maintenance window ends before it begins");
    }
    if (!row.every) {
        if (row.until) reader.error(row.until->at, "`until` is for windows with `every`");
        return;
    }
    const Duration every = row.every->value;
    if (every <= Duration::zero() || every % hours(24) != Duration::zero()) {
        reader.error(row.every->at, "a window recurs after whole days, such as 1d or 1w");
    } else if (row.to.given && to - from > every) {
        reader.error(row.every->at, "the window is longer than the time after which it recurs");
    }
    if (row.until && instant_of(row.until->value, zone) <= from) {
        reader.error(row.until->at, "`until` is before the window begins");
    }
}

void compile_window(const Located<MaintenanceRow>& located, const schema::Reader& reader,
                    Config& config) {
    const MaintenanceRow& row = located.value;
    check_times(row, reader);
    if (row.announcement.value.empty()) {
        reader.warning(located.at, "the maintenance window `" + row.name + "` is announced nowhere",
                       "add `announcement:` with the link to where it is");
    } else if (const auto problem = url_problem(row.announcement.value)) {
        reader.error(row.announcement.at, *problem);
    }
    Maintenance window{.name = row.name,
                       .from = row.from,
                       .to = row.to.value,
                       .time_zone = row.time_zone.value,
                       .every = {},
                       .until = {},
                       .match = row.match,
                       .rules = {},
                       .announcement = row.announcement.value,
                       .by = row.by};
    if (row.every) window.every = row.every->value;
    if (row.until) window.until = row.until->value;
    for (const Located<std::string>& rule : row.rules) window.rules.push_back(rule.value);
    config.maintenance.push_back(std::move(window));
}

void compile_maintenance(const MachineFile& file, const schema::Reader& reader, Config& config) {
    if (file.maintenance.size() > core::limits::maintenance_windows_max) {
        reader.error(file.maintenance.front().at,
                     "more than " + std::to_string(core::limits::maintenance_windows_max) +
                         " maintenance windows");
        return;
    }
    std::set<std::string> names;
    for (const Located<MaintenanceRow>& located : file.maintenance) {
        if (!names.insert(located.value.name).second) {
            reader.error(located.at,
                         "the maintenance window `" + located.value.name + "` stands here twice");
        }
        compile_window(located, reader, config);
    }
}

void compile_config(const MachineFile& file, const std::string& folder,
                    const schema::Reader& reader, Config& config) {
    if (file.instance.empty() || file.instance.find_first_of("/ \t\n") != std::string::npos) {
        reader.error({}, "`instance` goes into keys: it must be a word without spaces and /");
    }
    if (file.data_dir.given && file.data_dir.value.empty()) {
        reader.error(file.data_dir.at, "`data_dir` is empty");
    }
    config.instance = file.instance;
    config.public_url = without_slash(file.public_url.value);
    config.data_dir = resolve_path(folder, file.data_dir.value);
    while (config.data_dir.size() > 1 && config.data_dir.ends_with('/')) config.data_dir.pop_back();
    for (const Located<std::string>& pattern : file.rules) config.rules.push_back(pattern.value);
    if (file.oncall.given) config.oncall = resolve_path(folder, file.oncall.value);
    config.retention = file.retention;
}

}  // namespace

Machine compile_machine(const MachineFile& file, const std::string& folder,
                        const schema::Reader& reader) {
    Machine machine;
    compile_config(file, folder, reader, machine.config);
    compile_tokens(file, reader, machine.config);
    compile_listen(file, reader, machine.config);
    compile_policy(file, reader, machine.policy);
    compile_working_hours(file, reader, machine.config);
    compile_maintenance(file, reader, machine.config);
    compile_sources(file, reader, machine);
    compile_integrations(file, reader, machine);
    return machine;
}

}  // namespace tocsin::config
