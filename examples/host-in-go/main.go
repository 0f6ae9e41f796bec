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
	"log"
	"math"
	"os"
	"strings"
)

// vector is the line of a vector of the layer fuel.
type vector struct {
	ID, Layer string
	Flags     []string
	Wasm      []byte
	Budget    budget
	Config    map[string]string
	Steps     []struct {
		Call  string
		Input []byte
	}
}

func main() {
	log.SetFlags(0)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, math.MaxInt32)
	answers := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		// What a line lacks is the default. Vectors have no deadline unless they say so.
		given := vector{Budget: defaultBudget}
		if err := json.Unmarshal(lines.Bytes(), &given); err != nil {
			log.Fatalln("a line is not a vector:", err)
		}
		if err := answers.Encode(answer(context.Background(), given)); err != nil {
			log.Fatalln("cannot write an answer:", err)
		}
	}
	if err := lines.Err(); err != nil {
		log.Fatalln("cannot read a line:", err)
	}
}

// answer is the answer to a vector.
func answer(ctx context.Context, given vector) map[string]any {
	ends, err := endsOf(ctx, given)
	var refused *failure
	switch {
	case errors.As(err, &refused) && refused.layer == "unsupported":
		return map[string]any{"id": given.ID, "unsupported": refused.kind}
	case errors.As(err, &refused):
		return map[string]any{"id": given.ID, "ends": []any{endOf(nil, 0, err)}}
	case err != nil:
		log.Fatalf("%s: %v", given.ID, err) // this program itself has failed
	}
	return map[string]any{"id": given.ID, "ends": ends}
}

// endsOf builds the plugin of a vector and calls its exports.
func endsOf(ctx context.Context, given vector) ([]any, error) {
	if given.Layer != "fuel" {
		return nil, failed("unsupported", "this host answers the layer fuel")
	}
	for _, flag := range given.Flags {
		if flag == "layout" || strings.HasPrefix(flag, "feature:") {
			return nil, failed("unsupported", "this host lacks "+flag)
		}
	}
	prepared, err := prepare(given.Wasm)
	if err != nil {
		return nil, err
	}
	plugin := newPlugin(ctx, given.Budget, given.Config)
	defer plugin.runtime.Close(ctx)
	if err := plugin.build(ctx, prepared); err != nil {
		return nil, err
	}
	ends := []any{}
	for _, step := range given.Steps {
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
