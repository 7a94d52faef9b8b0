// Compiles `sources:`: what each kind needs, and the names that rules and tokens refer to.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "config/compile_machine.hpp"
#include "config/urls.hpp"
#include "core/limits.hpp"

namespace tocsin::config {
namespace {

bool is_polled(SourceKind kind) {
    return kind == SourceKind::prometheus || kind == SourceKind::alertmanager;
}

std::string name_of(SourceKind kind) {
    for (const auto& row : schema::Names<SourceKind>::rows()) {
        if (row.value == kind) return std::string(row.name);
    }
    return {};
}

class SourceCompiler {
public:
    SourceCompiler(const SourceRow& row, const schema::Reader& reader)
        : row_(row), reader_(reader) {}

    Source compile() {
        source_.name = row_.name.value;
        source_.kind = row_.kind;
        source_.labels = row_.labels;
        source_.delay = row_.delay.value;
        source_.timeout = row_.timeout.value;
        source_.queries_max = row_.queries_max.value;
        if (row_.interval) source_.interval = row_.interval->value;
        if (row_.silent_after) source_.silent_after = row_.silent_after->value;
        check_url();
        check_times();
        compile_headers();
        compile_kind();
        return std::move(source_);
    }

private:
    void check_url() {
        source_.url = row_.url.value;
        while (source_.url.ends_with('/')) source_.url.pop_back();
        if (is_polled(row_.kind) && !row_.url.given) {
            reader_.error(row_.at, "a source of kind " + name_of(row_.kind) + " needs a `url`");
        } else if (row_.url.given) {
            if (const auto problem = url_problem(row_.url.value)) {
                reader_.secret_error(row_.url.at, *problem);
            }
        }
    }

    void check_times() {
        if (row_.timeout.value <= Duration::zero()) {
            reader_.error(row_.timeout.at, "`timeout` must be more than 0s");
        }
        if (row_.interval && row_.interval->value < core::limits::rule_interval_min) {
            reader_.error(row_.interval->at, "`interval` must be 1s or more");
        }
        if (row_.silent_after && row_.silent_after->value <= Duration::zero()) {
            reader_.error(row_.silent_after->at, "`silent_after` must be more than 0s");
        }
        if (row_.queries_max.value < 1) {
            reader_.error(row_.queries_max.at, "`queries_max` must be 1 or more");
        }
    }

    void compile_headers() {
        for (const auto& [name, value] : row_.headers) {
            const bool word = !name.empty() && name.find_first_not_of(
                                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqr"
                                                   "stuvwxyz0123456789-_") == std::string::npos;
            const bool clean = value.text.reveal().find_first_of("\r\n") == std::string::npos;
            if (!word || !clean) {
                reader_.error(value.at, "`" + truncate(name, 80) + "` is no HTTP header");
            }
            source_.headers.emplace_back(name, value.text);
        }
    }

    void compile_kind() {
        if (row_.expect) {
            const ExpectRow& expect = row_.expect->value;
            source_.expect = Expect{.alert = expect.alert.value, .within = expect.within};
            if (row_.kind != SourceKind::alertmanager) {
                reader_.error(row_.expect->at, "`expect` is for sources of kind alertmanager");
            }
        }
        if (is_polled(row_.kind)) {
            if (!row_.targets.empty()) {
                reader_.error(row_.at, "`targets` is for sources of kind scrape and probe");
            }
            return;
        }
        if (row_.targets.empty()) reader_.error(row_.at, "the source has no `targets`");
        for (const TargetRow& target : row_.targets) {
            source_.targets.emplace_back(target.url, target.labels);
        }
        reader_.warning(row_.at, "sources of kind " + name_of(row_.kind) +
                                     " are not acted upon yet: `" + row_.name.value +
                                     "` yields nothing");
    }

    const SourceRow& row_;
    const schema::Reader& reader_;
    Source source_;
};

core::Source::Kind core_kind(SourceKind kind) {
    switch (kind) {
        case SourceKind::prometheus:
            return core::Source::Kind::prometheus;
        case SourceKind::alertmanager:
            return core::Source::Kind::alertmanager;
        case SourceKind::scrape:
        case SourceKind::probe:
            return core::Source::Kind::push;
    }
    return core::Source::Kind::push;
}

/// The names that webhooks come in under need no entry in `sources`.
void add_pushing_sources(const MachineFile& file, const schema::Reader& reader, Machine& machine) {
    machine.sources.try_emplace(
        "default",
        core::Source{
            .name = "default", .kind = core::Source::Kind::push, .labels = {}, .expect_alert = {}});
    for (const TokenRow& token : file.auth.tokens) {
        const std::string& name = token.source.value;
        if (name.empty()) continue;
        const auto [place, added] = machine.sources.try_emplace(name);
        if (added) place->second.name = name;
        if (place->second.kind != core::Source::Kind::prometheus) continue;
        reader.warning(token.source.at, "`" + name +
                                            "` is a metric source: alerts that are pushed under "
                                            "its name are kept apart from its values");
    }
}

constexpr Duration silent_after_default = minutes(5);

/// How often the source is asked; absent where no rule asks it anything.
std::optional<Duration> poll_interval(const Source& source, const std::vector<core::Rule>& rules) {
    if (source.kind == SourceKind::alertmanager) return source.interval;
    std::optional<Duration> shortest;
    for (const core::Rule& rule : rules) {
        const auto& asked = rule.sources;
        if (std::find(asked.begin(), asked.end(), source.name) == asked.end()) continue;
        shortest = std::min(shortest.value_or(rule.interval), rule.interval);
    }
    return shortest;
}

}  // namespace

void compile_sources(const MachineFile& file, const schema::Reader& reader, Machine& machine) {
    if (file.sources.size() > core::limits::sources_max) {
        reader.error(file.sources[core::limits::sources_max].at,
                     "more than " + std::to_string(core::limits::sources_max) + " sources");
    }
    for (const SourceRow& row : file.sources) {
        Source source = SourceCompiler(row, reader).compile();
        if (source.name.empty() || source.name.find_first_of("/{}\"\n") != std::string::npos) {
            reader.error(row.name.at, "a source's name is a word without / { } and \"");
        }
        const auto [place, added] = machine.sources.try_emplace(
            source.name, core::Source{.name = source.name,
                                      .kind = core_kind(source.kind),
                                      .labels = source.labels,
                                      .expect_alert = source.expect ? source.expect->alert : ""});
        if (!added) {
            reader.error(row.name.at, "the source `" + source.name + "` stands here twice");
            continue;
        }
        machine.config.sources.push_back(std::move(source));
    }
    add_pushing_sources(file, reader, machine);
}

void settle_silence(std::vector<Source>& sources, const std::vector<core::Rule>& rules) {
    for (Source& source : sources) {
        const auto interval = is_polled(source.kind) ? poll_interval(source, rules) : std::nullopt;
        if (!interval) {
            source.silent_after.reset();
            continue;
        }
        const Duration two_polls = *interval * 2 + source.delay + source.timeout;
        source.silent_after =
            std::max(source.silent_after.value_or(silent_after_default), two_polls);
    }
}

}  // namespace tocsin::config
