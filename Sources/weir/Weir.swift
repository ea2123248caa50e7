import ArgumentParser
import Foundation
import Transport

/// The command line of Weir.
@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "Read the hubs of pre-trained models into one dataset to query, trust, audit and serve.",
        discussion: """
            EXAMPLES
              weir pull huggingface --top 0.01            the most downloaded hundredth of the Hub
              weir pull onnx                              the ONNX Model Zoo
              weir search "speech recognition" --license apache-2.0
              weir show huggingface:google-bert/bert-base-uncased
              weir snapshot hf:openai-community/gpt2      its files, verified
              weir checkout hf:openai-community/gpt2 ./gpt2
              weir sql "SELECT hub, count(*) FROM packages GROUP BY hub"
              weir export ptmtorrent ./out

            ENVIRONMENT
              WEIR_DATASET   the dataset's folder, where --dataset is not given
              HF_ENDPOINT    the Hub's address, where --from is not given
              HF_TOKEN       the Hub's access token (or the file that 'hf auth login' writes)
              HTTPS_PROXY, NO_PROXY   as usual

            EXIT CODES
              0 done; 1 done, but some items failed or something was found; 2 could not be done; 64 wrong usage
            """,
        version: weirVersion,
        subcommands: [
            PullCommand.self, SearchCommand.self, ShowCommand.self, SQLCommand.self, StatsCommand.self, ExportCommand.self,
            SnapshotCommand.self, CheckoutCommand.self, VerifyCommand.self, GCCommand.self, RebuildCommand.self,
            InspectCommand.self, PythonCommand.self, ScanCommand.self, ServeCommand.self, TokenCommand.self,
        ])

    static func main() async {
        let code = await CommandRunner.run(Array(CommandLine.arguments.dropFirst()))
        Foundation.exit(code)
    }
}
