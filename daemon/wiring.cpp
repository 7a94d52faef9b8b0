// Translates the configuration into the settings of each part.
#include "daemon/wiring.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace tocsin::daemon {
namespace {

/// `https://tocsin.example.com:8443/x` -> `tocsin.example.com`.
std::string host_of(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return "";
    const std::string authority = url.substr(scheme + 3, url.find('/', scheme + 3) - scheme - 3);
    return authority.substr(0, authority.rfind(':'));
}

bool can_be_reached(const config::Loaded& loaded, const core::Pager& pager) {
    const auto& integrations = loaded.config.integrations;
    return pager.reach != core::Reach::nobody &&
           std::any_of(integrations.begin(), integrations.end(), [&](const auto& integration) {
               return integration.name == pager.integration && integration.sink != nullptr;
           });
}

}  // namespace

shell::Access access_of(const config::Config& config, bool on_loopback) {
    shell::Access access;
    for (const auto& token : config.tokens) {
        const auto may = [&](config::May what) {
            return std::find(token.may.begin(), token.may.end(), what) != token.may.end();
        };
        access.tokens.push_back({.name = token.name,
                                 .token = token.token,
                                 .alerts = may(config::May::alerts),
                                 .read = may(config::May::read),
                                 .command = may(config::May::command),
                                 .source = token.source});
    }
    access.local_names_only = on_loopback;
    access.host_allowed = host_of(config.public_url);
    return access;
}

std::vector<shell::WatchedSource> watched_sources(const config::Config& config) {
    std::vector<shell::WatchedSource> sources;
    for (const auto& source : config.sources) {
        shell::WatchedSource watched;
        watched.name = source.name;
        watched.silent_after = source.silent_after;
        if (source.expect) {
            watched.expect_alert = source.expect->alert;
            watched.expect_within = source.expect->within;
        }
        sources.push_back(std::move(watched));
    }
    return sources;
}

std::vector<shell::PolledSource> polled_sources(const config::Config& config) {
    std::vector<shell::PolledSource> sources;
    for (const auto& source : config.sources) {
        const bool prometheus = source.kind == config::SourceKind::prometheus;
        const bool alertmanager = source.kind == config::SourceKind::alertmanager;
        if (!prometheus && !alertmanager) continue;
        shell::PolledSource polled;
        polled.name = source.name;
        polled.kind =
            prometheus ? core::Source::Kind::prometheus : core::Source::Kind::alertmanager;
        polled.url = source.url;
        polled.delay = source.delay;
        polled.timeout = source.timeout;
        polled.interval = source.interval;
        polled.headers = source.headers;
        polled.queries_max = source.queries_max;
        if (source.expect) {
            polled.expect_alert = source.expect->alert;
            // Asked less often than it is expected, it would look missing.
            polled.interval = std::min(polled.interval, source.expect->within / 2);
        }
        sources.push_back(std::move(polled));
    }
    return sources;
}

shell::MetricNames metric_names(const config::Config& config) {
    shell::MetricNames names;
    names.version = TOCSIN_VERSION;
    for (const auto& integration : config.integrations) {
        names.integrations.push_back(integration.name);
    }
    for (const auto& source : config.sources) names.sources.push_back(source.name);
    return names;
}

std::vector<std::pair<std::string, std::string>> documents_of(const config::Loaded& loaded) {
    std::vector<std::string> paths = loaded.config.rule_files;
    if (!loaded.config.oncall.empty()) paths.push_back(loaded.config.oncall);
    std::vector<std::pair<std::string, std::string>> documents;
    for (const auto& path : paths) {
        const auto found = loaded.texts.find(path);
        if (found == loaded.texts.end()) continue;
        documents.emplace_back(to_hex(fnv1a64(found->second)), found->second);
    }
    return documents;
}

double config_hash(const config::Loaded& loaded, const std::string& config_path) {
    std::uint64_t hash = fnv1a64("");
    for (const auto& [digest, text] : documents_of(loaded)) hash = fnv1a64(digest, hash);
    const auto own = loaded.texts.find(config_path);
    if (own != loaded.texts.end()) hash = fnv1a64(own->second, hash);
    return static_cast<double>(hash >> 16U);
}

bool reaches_a_person(const config::Loaded& loaded) {
    const auto& pagers = loaded.ruleset->policy.pagers;
    return std::any_of(pagers.begin(), pagers.end(),
                       [&](const auto& pager) { return can_be_reached(loaded, pager); });
}

std::vector<std::string> warnings_of(const config::Loaded& loaded) {
    std::vector<std::string> warnings;
    if (!reaches_a_person(loaded)) {
        warnings.emplace_back(
            "no pager in use.page can reach a person: incidents are declared, nobody is woken");
    }
    return warnings;
}

std::string rendered(const config::LoadResult& result) {
    std::string text;
    for (const auto& diagnostic : result.diagnostics.sorted()) {
        const auto found = result.texts.find(diagnostic.file);
        text += render(diagnostic, found == result.texts.end() ? "" : found->second);
        if (!text.ends_with('\n')) text += '\n';
    }
    return text;
}

bool is_loopback_address(const std::string& address) {
    return shell::is_loopback(address) || address.starts_with("localhost:");
}

}  // namespace tocsin::daemon
