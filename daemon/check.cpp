// `tocsin check`: every problem of every file with its place, and a summary line.
#include "check.hpp"

#include <cstdio>
#include <string>
#include <string_view>

#include "config/load.hpp"
#include "schema/diagnostic.hpp"
#include "shell/clock.hpp"

namespace tocsin::daemon {
namespace {

struct Tally {
    int errors = 0;
    int warnings = 0;
    std::size_t files = 0;
};

void print(const config::LoadResult& result, Tally& tally) {
    for (const schema::Diagnostic& one : result.diagnostics.sorted()) {
        const auto text = result.texts.find(one.file);
        const std::string_view source =
            text == result.texts.end() ? std::string_view() : std::string_view(text->second);
        std::fputs(schema::render(one, source).c_str(), stdout);
        ++(one.level == schema::Level::error ? tally.errors : tally.warnings);
    }
    tally.files += result.texts.size();
}

std::string counted(std::size_t count, const std::string& what) {
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

int check(const CheckOptions& options) {
    if (options.config.empty() && options.rule_files.empty()) {
        std::fputs("tocsin check: name a config (--config FILE) or a rule file\n", stderr);
        return 2;
    }
    const config::DiskFiles files;
    Tally tally;
    if (!options.config.empty()) {
        print(config::load(options.config, files, shell::wall_now(), {.credentials_needed = false}),
              tally);
    }
    if (!options.rule_files.empty()) print(config::load_rules(options.rule_files, files), tally);
    std::printf("%s: %s, %s\n", counted(tally.files, "file").c_str(),
                counted(static_cast<std::size_t>(tally.errors), "error").c_str(),
                counted(static_cast<std::size_t>(tally.warnings), "warning").c_str());
    return tally.errors == 0 ? 0 : 1;
}

}  // namespace tocsin::daemon
