// The program host-in-go answers vectors for hosts on wazero, an engine without fuel. It reads one
// line of JSON for each vector, and writes one: abi/vectors/README.md, "The driver protocol".
//
// Comments of all files name the rules that the code keeps: KP-6 is an anchor in abi/KERNEL.md.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
)

// vector is the line of a vector of the layer fuel.
type vector struct {
	ID, Layer string
	Flags     []string
	Wasm      []byte
	options
	Steps []struct {
		Call  string
		Input []byte
	}
}

// defaults are the fields that a line may lack. Vectors have no deadline unless they say so.
func defaults() vector {
	limits := budget{Fuel: 1e9, WallMs: math.Inf(1), MemoryPages: 32, TableEntries: 100_000, StackSlots: 65_536}
	return vector{options: options{Budget: limits, LogLevel: "info", MaxVarBytes: 1 << 20}}
}

func main() {
	command := flag.String("prepare", "node scripts/cc-lb-plugin.mjs", "the command cc-lb-plugin")
	flag.Parse()
	if err := answerLines(context.Background(), &preparer{strings.Fields(*command), map[string][]byte{}}); err != nil {
		fmt.Fprintln(os.Stderr, "host-in-go:", err)
		os.Exit(1)
	}
}

// answerLines answers each line of standard input with a line on standard output.
func answerLines(ctx context.Context, preparer *preparer) error {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, math.MaxInt32)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		vector := defaults()
		if err := json.Unmarshal(lines.Bytes(), &vector); err != nil {
			return fmt.Errorf("a line is not a vector: %w", err)
		}
		ends, err := endsOf(ctx, preparer, vector)
		answer := map[string]any{"id": vector.ID, "ends": ends}
		var refused *failure
		switch {
		case errors.As(err, &refused) && refused.layer == "unsupported":
			answer = map[string]any{"id": vector.ID, "unsupported": refused.kind}
		case errors.As(err, &refused):
			answer["ends"] = []any{endOf(nil, 0, err)}
		case err != nil:
			return fmt.Errorf("%s: %w", vector.ID, err) // this program itself has failed
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return lines.Err()
}

// endsOf builds the plugin of a vector and calls its exports.
func endsOf(ctx context.Context, preparer *preparer, vector vector) ([]any, error) {
	if vector.Layer != "fuel" {
		return nil, failed("unsupported", "this host answers the layer fuel")
	}
	if slices.Contains(vector.Flags, "layout") {
		return nil, failed("unsupported", "kernel memory is laid out in another way")
	}
	prepared, err := preparer.prepare(vector.Wasm)
	if err != nil {
		return nil, err
	}
	plugin := newPlugin(ctx, vector.options)
	defer plugin.runtime.Close(ctx)
	if err := plugin.build(ctx, prepared); err != nil {
		return nil, err
	}
	ends := []any{}
	for _, step := range vector.Steps {
		ends = append(ends, endOf(plugin.call(ctx, step.Call, step.Input)))
	}
	return ends, nil
}

// endOf writes the end of a call as vectors do.
func endOf(output []byte, fuel float64, err error) any {
	var failure *failure
	if errors.As(err, &failure) {
		why := map[string]any{"kind": failure.kind, "fields": failure.fields}
		return map[string]any{"layer": failure.layer, "error": why, "fuel": fuel}
	}
	return map[string]any{"output": append([]byte{}, output...), "fuel": fuel}
}
